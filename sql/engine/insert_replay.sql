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
  v_replay reprise.executions;
begin
  insert into reprise.executions (
    id, namespace, flow_id, flow_revision, state, attempt_number, inputs, labels, variables, trigger, start_date, schedule_date, created_at,
    created_by, note, original_id, root_id, anchors, saved_ms, idempotency_key, request_hash, breakpoints, deadline_at, is_asserted, try,
    first_tried_at, parent_task_run_id, is_ending, verdict, error, is_unresolved, is_checked, defaulted_inputs
  )
  select
    reprise_engine.uuid_v7(now), r.namespace, r.flow_id, r.revision,
    case when is_from_start then 'CREATED' else 'RESTARTED' end::reprise.execution_state, original.attempt_number + 1,
    case
      when judgement ->> 'failure' is not null and json_typeof(judgement -> 'inputs') = 'object'
        then reprise_engine.check_inputs(defined.inputs, reprise_engine.clean_json(judgement -> 'inputs'))
      else plan.inputs
    end,
    reprise_engine.replay_labels(original, r.revision), coalesce(defined.variables, '{}'), original.trigger,
    case when is_from_start then now else original.start_date end, original.schedule_date, now,
    insert_replay.created_by, insert_replay.note, original.id, coalesce(original.root_id, original.id), plan.anchors,
    plan.saved_ms, insert_replay.idempotency_key, insert_replay.request_hash,
    reprise_engine.parse_breakpoints(insert_replay.breakpoints, r),
    reprise_engine.first_deadline(
      defined.sla, case when is_from_start then greatest(now, original.schedule_date) else now end
    ),
    coalesce(defined.sla @> '[{"isFollowed": true}]', false), case when is_retry then original.try + 1 else 1 end,
    case when is_retry then coalesce(original.first_tried_at, original.created_at) end,
    case when is_retry then original.parent_task_run_id end,
    is_ending, case when is_ending then original.state else 'SUCCESS' end, case when is_ending then original.error end,
    -- What was found for the same inputs on the same revision holds on.
    judgement ->> 'failure' is null
      and (original.is_unresolved or plan.inputs::jsonb is distinct from original.inputs::jsonb or r.revision <> original.flow_revision)
      and reprise_engine.has_deferred_inputs(defined.inputs),
    is_ending or not reprise_engine.asks_checks(original, r, plan.inputs) or coalesce((judgement ->> 'isChecked')::boolean, false),
    array(
      select d.id
      from unnest(original.defaulted_inputs) as d (id)
      cross join lateral (select string_to_array(d.id, '.') as path) as of
      where (plan.inputs #> of.path)::jsonb = (original.inputs #> of.path)::jsonb
    )
  from reprise.flow_revisions as r
  cross join lateral json_to_record(r.definition) as defined (inputs json, variables json, sla jsonb)
  where r.namespace = original.namespace and r.flow_id = original.flow_id and r.revision = plan.flow_revision
  on conflict on constraint executions_idempotency_key_key do nothing
  returning * into v_replay;

  return v_replay;
end;
$$;

comment on function reprise_engine.insert_replay is
  'Creates the execution that a replay is, without anything in it: what it has of its original, of its revision, and of its own. is_ending: nothing runs in it but what '
  'comes after its end, so that it has that of its original. Returns null when the idempotency key was taken meanwhile.';
