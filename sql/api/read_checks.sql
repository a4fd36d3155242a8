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
  v_found record;
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

  select * into v_found
  from reprise_engine.examine_inputs(reprise_engine.unsealed_definitions(v_definitions), reprise_engine.clean_json(coalesce(inputs, '{}')), 'input', false);
  return reprise_engine.describe_checks(v_revision, v_found.inputs, v_found.problems, not v_is_known);
end;
$$;

comment on function reprise_api.read_checks is
  'What has to hold before an execution of a flow is created, and the inputs that it would have, for whoever can render templates; null when '
  'the flow checks nothing and SQL can tell of all inputs what they may be. definitions: the inputs of the flow. problems: what is wrong with '
  'the inputs as far as SQL can tell. isComplete: whether no input waits for what a worker has to find out.';
