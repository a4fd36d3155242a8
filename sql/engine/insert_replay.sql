create or replace function reprise_engine.insert_replay(
  original reprise.executions,
  plan reprise.replay_plan,
  is_from_start boolean,
  created_by text,
  note text,
  idempotency_key text,
  request_hash text,
  breakpoints text[],
  is_retry boolean,
  is_ending boolean,
  judgement json,
  now timestamptz
)
returns reprise.executions
language plpgsql volatile
set search_path = ''
as $$
declare
  v_revision reprise.flow_revisions;
  v_defined record;
  v_breakpoints jsonb;
  v_inputs json := plan.inputs;
  v_replay reprise.executions;
begin
  select r.* into v_revision
  from reprise.flow_revisions as r
  where r.namespace = original.namespace and r.flow_id = original.flow_id and r.revision = plan.flow_revision;
  select * into v_defined from json_to_record(v_revision.definition) as d (inputs json, variables json, sla jsonb);
  -- Not where it is written: what is refused is told without all of that.
  v_breakpoints := reprise_engine.parse_breakpoints(breakpoints, v_revision);
  if judgement ->> 'failure' is not null and json_typeof(judgement -> 'inputs') = 'object' then
    v_inputs := reprise_engine.check_inputs(v_defined.inputs, reprise_engine.clean_json(judgement -> 'inputs'));
  end if;

  insert into reprise.executions (
    id, namespace, flow_id, flow_revision, state, attempt_number, inputs, labels, variables, trigger, start_date, schedule_date, created_at,
    created_by, note, original_id, root_id, anchors, saved_ms, idempotency_key, request_hash, breakpoints, deadline_at, is_asserted, try,
    first_tried_at, parent_task_run_id, is_ending, verdict, error, is_unresolved, is_checked, defaulted_inputs
  )
  select
    reprise_engine.uuid_v7(now), v_revision.namespace, v_revision.flow_id, v_revision.revision,
    case when is_from_start then 'CREATED' else 'RESTARTED' end::reprise.execution_state, original.attempt_number + 1,
    v_inputs, reprise_engine.replay_labels(original, v_revision.revision), coalesce(v_defined.variables, '{}'), original.trigger,
    case when is_from_start then now else original.start_date end, original.schedule_date, now,
    insert_replay.created_by, insert_replay.note, original.id, coalesce(original.root_id, original.id), plan.anchors,
    plan.saved_ms, insert_replay.idempotency_key, insert_replay.request_hash, v_breakpoints,
    reprise_engine.first_deadline(
      v_defined.sla, case when is_from_start then greatest(now, original.schedule_date) else now end
    ),
    coalesce(v_defined.sla @> '[{"isFollowed": true}]', false), case when is_retry then original.try + 1 else 1 end,
    case when is_retry then coalesce(original.first_tried_at, original.created_at) end,
    case when is_retry then original.parent_task_run_id end,
    is_ending, case when is_ending then original.state else 'SUCCESS' end, case when is_ending then original.error end,
    -- What was found for the same inputs on the same revision holds on.
    judgement ->> 'failure' is null
      and (original.is_unresolved or plan.inputs::jsonb is distinct from original.inputs::jsonb or v_revision.revision <> original.flow_revision)
      and reprise_engine.has_deferred_inputs(v_defined.inputs),
    is_ending or not reprise_engine.asks_checks(original, v_revision, plan.inputs) or coalesce((judgement ->> 'isChecked')::boolean, false),
    array(
      select d.id
      from unnest(original.defaulted_inputs) as d (id)
      cross join lateral (select string_to_array(d.id, '.') as path) as of
      where (plan.inputs #> of.path)::jsonb = (original.inputs #> of.path)::jsonb
    )
  on conflict on constraint executions_idempotency_key_key do nothing
  returning * into v_replay;

  return v_replay;
end;
$$;

comment on function reprise_engine.insert_replay is
  'Creates the execution that a replay is, without anything in it: what it has of its original, of its revision, and of its own. is_ending: nothing runs in it but what '
  'comes after its end, so that it has that of its original. Returns null when the idempotency key was taken meanwhile.';
