create or replace function reprise_api.read_replay_checks(
  execution_id uuid,
  revision text default 'original',
  inputs json default null,
  idempotency_key text default null
)
returns json
language plpgsql volatile security definer -- volatile, so that it is no query of its own in GraphQL
set search_path = ''
as $$
declare
  v_original reprise.executions := reprise_engine.find_execution(execution_id);
  v_inputs json := reprise_engine.clean_json(coalesce(inputs, '{}'));
  v_definition json;
  v_revision reprise.flow_revisions;
  v_definitions json;
  v_looked_at jsonb;
  v_found record;
  v_is_changed boolean;
  v_is_asked boolean;
  v_is_known boolean := exists (select from reprise.executions as e where e.idempotency_key = read_replay_checks.idempotency_key);
begin
  select r.* into v_revision
  from reprise.flow_revisions as r
  where r.namespace = v_original.namespace and r.flow_id = v_original.flow_id
    and r.revision = reprise_engine.resolve_revision(v_original, read_replay_checks.revision);
  v_definitions := v_revision.definition -> 'inputs';
  v_looked_at := v_definitions;

  v_definition := reprise_engine.lay_over(
    v_revision.definition, json_build_object('inputs', coalesce(reprise_engine.unsealed_definitions(v_definitions), '[]'))
  );
  select * into v_found from reprise_engine.replay_inputs(v_original, v_definition, v_inputs);
  v_is_changed := v_found.inputs::jsonb is distinct from v_original.inputs::jsonb;
  v_is_asked := reprise_engine.asks_checks(v_original, v_revision, v_found.inputs);
  if not coalesce(v_looked_at @> '[{"type": "SECRET"}]', false)
    and (
      v_is_known
      or not v_is_asked
        and not ((v_is_changed or v_revision.revision <> v_original.flow_revision) and reprise_engine.has_deferred_inputs(v_definitions))
        and not (v_is_changed and v_looked_at @> '[{"isTemplated": true}]')
    )
  then
    return null;
  end if;

  return reprise_engine.lay_over(
    reprise_engine.describe_checks(v_revision, v_found.right_inputs, to_jsonb(v_found.problems), not v_is_known),
    case
      when not v_is_known and not v_is_asked then json_build_object('wrong', v_found.wrong_ids, 'checks', '[]'::json)
      else json_build_object('wrong', v_found.wrong_ids)
    end
  );
end;
$$;

comment on function reprise_api.read_replay_checks is
  'What has to hold before a replay is created whose inputs are not those of its original, or whose revision checks something else, and '
  'the inputs that it would have, as read_checks gives them, with the ids of those that are wrong; null when there is nothing to find out by templates.';
