create or replace function reprise_api.read_checks(
  namespace text,
  flow_id text,
  inputs json default '{}',
  revision integer default null,
  idempotency_key text default null
)
returns json
language plpgsql volatile security definer -- volatile, so that it is no query of its own in GraphQL
set search_path = ''
as $$
declare
  v_revision reprise.flow_revisions;
  v_definitions json;
  v_looked_at jsonb;
  v_inputs json;
  v_is_known boolean := exists (select from reprise.executions as e where e.idempotency_key = read_checks.idempotency_key);
begin
  -- Whatever else is wrong is for create_execution to say.
  select r.* into v_revision
  from reprise.flows as f
  join reprise.flow_revisions as r on r.namespace = f.namespace and r.flow_id = f.id
  where f.namespace = read_checks.namespace and f.id = read_checks.flow_id and f.deleted_at is null
    and r.revision = coalesce(read_checks.revision, f.latest_revision);
  v_definitions := v_revision.definition -> 'inputs';
  v_looked_at := v_definitions;
  -- What a key has made already is there, whatever the checks would say of it now; but the same secrets have to be encrypted for it.
  if not coalesce(
      v_revision.definition -> 'checks' is not null or reprise_engine.has_deferred_inputs(v_definitions)
        or v_looked_at @> '[{"type": "SECRET"}]' or v_looked_at @> '[{"isTemplated": true}]',
      false
    )
    or v_is_known and not coalesce(v_looked_at @> '[{"type": "SECRET"}]', false)
  then
    return null;
  end if;

  -- A secret is nothing to look at before it is encrypted.
  v_inputs := reprise_engine.check_inputs(
    (
      select json_agg(
        case
          when i.input ->> 'type' = 'SECRET'
            then reprise_engine.lay_over(reprise_engine.leave_out(i.input, '{validator}'), '{"type": "STRING"}')
          else i.input
        end
        order by i.place
      )
      from json_array_elements(v_definitions) with ordinality as i (input, place)
    ),
    reprise_engine.clean_json(coalesce(inputs, '{}'))
  );
  return json_build_object(
    'flow', json_build_object('id', v_revision.flow_id, 'namespace', v_revision.namespace, 'revision', v_revision.revision),
    'checks', case when v_is_known then '[]' else coalesce(v_revision.definition -> 'checks', '[]') end,
    'definitions', v_definitions,
    'variables', coalesce(v_revision.definition -> 'variables', '{}'),
    'inputs', v_inputs,
    'isComplete', v_is_known or not exists (
      select
      from json_array_elements(v_definitions) as i (input)
      where (i.input ->> 'isDeferred')::boolean or (i.input ->> 'isTemplated')::boolean and v_inputs #> string_to_array(i.input ->> 'id', '.') is null
    )
  );
end;
$$;

comment on function reprise_api.read_checks is
  'What has to hold before an execution of a flow is created, and the inputs that it would have, for whoever can render templates; null when '
  'the flow checks nothing and SQL can tell of all inputs what they may be. definitions: the inputs of the flow. isComplete: whether no input '
  'waits for what a worker has to find out.';
