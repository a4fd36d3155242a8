create or replace function reprise_api.read_replay_checks(
  execution_id uuid,
  revision text default 'original',
  inputs jsonb default null,
  idempotency_key text default null
)
returns jsonb
language plpgsql volatile security definer -- volatile, so that it is no query of its own in GraphQL
set search_path = ''
as $$
declare
  v_original reprise.executions := reprise_engine.find_execution(execution_id);
  v_revision reprise.flow_revisions;
  v_definition jsonb;
  v_found record;
  v_is_changed boolean;
  v_is_known boolean := exists (select from reprise.executions as e where e.idempotency_key = read_replay_checks.idempotency_key);
begin
  select r.* into v_revision
  from reprise.flow_revisions as r
  where r.namespace = v_original.namespace and r.flow_id = v_original.flow_id
    and r.revision = reprise_engine.resolve_revision(v_original, read_replay_checks.revision);
  v_definition := v_revision.definition;
  v_definition := v_definition || jsonb_build_object('inputs', coalesce(reprise_engine.unsealed_definitions(v_definition -> 'inputs'), '[]'));

  select * into v_found from reprise_engine.replay_inputs(v_original, v_definition, coalesce(inputs, '{}'));
  v_is_changed := v_found.inputs is distinct from v_original.inputs;
  if not coalesce(v_revision.definition -> 'inputs' @> '[{"type": "SECRET"}]', false)
    and (
      v_is_known
      or not reprise_engine.asks_checks(v_original, v_revision, v_found.inputs)
        and not ((v_is_changed or v_revision.revision <> v_original.flow_revision) and reprise_engine.has_deferred_inputs(v_revision.definition -> 'inputs'))
        and not (v_is_changed and v_revision.definition -> 'inputs' @> '[{"isTemplated": true}]')
    )
  then
    return null;
  end if;

  return reprise_engine.describe_checks(
    v_revision, v_found.right_inputs, to_jsonb(v_found.problems), not v_is_known
  ) || jsonb_build_object('wrong', v_found.wrong_ids) || case
    when not v_is_known and not reprise_engine.asks_checks(v_original, v_revision, v_found.inputs) then '{"checks": []}'::jsonb
    else '{}'
  end;
end;
$$;

comment on function reprise_api.read_replay_checks is
  'What has to hold before a replay is created whose inputs are not those of its original, or whose revision checks something else, and '
  'the inputs that it would have, as read_checks gives them, with the ids of those that are wrong; null when there is nothing to find out by templates.';
