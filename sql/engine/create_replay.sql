create or replace function reprise_engine.create_replay(
  plan reprise.replay_plan,
  is_from_start boolean,
  overrides json,
  created_by text,
  note text,
  idempotency_key text,
  request_hash text,
  breakpoints text[] default null,
  is_retry boolean default false,
  judgement json default null,
  settled_before integer default null,
  settled_count integer default null
)
returns reprise.executions
language plpgsql volatile
set search_path = ''
as $$
declare
  v_now timestamptz := reprise_engine.clock();
  v_original reprise.executions := reprise_engine.find_execution(plan.execution_id);
  v_replay reprise.executions;
  v_is_ending boolean := false;
begin
  perform reprise_engine.hold_line(v_original);
  if not exists (select from reprise.executions as e where e.id = v_original.id and e.purged_at is null) then
    raise exception 'Execution % has just been purged.', v_original.id
      using errcode = 'RP404', detail = 'execution_not_found', hint = 'Nothing is left of it to replay.';
  end if;

  -- Where nothing runs again but what comes after it, the original's end is carried too.
  if reprise_engine.is_cut_off(v_original) then
    select coalesce(bool_and(k.is_after), false) into v_is_ending
    from unnest(plan.tasks) as t
    cross join lateral (select k.is_after from reprise.tasks as k where k.key = t.task_key offset 0) as k
    where t.disposition in ('RERUN', 'NEW', 'REOPENED', 'UNKNOWN');
  end if;

  v_replay := reprise_engine.insert_replay(
    v_original, plan, is_from_start, created_by, note, idempotency_key, request_hash, breakpoints, is_retry, v_is_ending, judgement, v_now
  );
  if v_replay.id is null then
    return null; -- The same request came in beside this one and was first.
  end if;

  perform reprise_engine.carry_replay(v_replay, v_original, plan.tasks, overrides, created_by, settled_before, settled_count, v_now);
  perform reprise_engine.note_replayed(v_replay.id, v_original.id, plan.tasks, plan.anchors);
  perform reprise_engine.begin_replay(v_replay, v_original, plan, judgement ->> 'failure');

  select * into v_replay from reprise.executions as e where e.id = v_replay.id;
  return v_replay;
end;
$$;

comment on function reprise_engine.create_replay is
  'Makes the replay that a plan describes: copies the execution, carries what is carried, notes what runs again, and opens the first task. '
  'Returns null when the idempotency key was taken meanwhile. One that a retry creates goes on counting tries, and belongs to the same parent. '
  'judgement: what whoever can render templates has found; a check that fails executions fails it as it is created. '
  'settled_before, settled_count: what find_settled has found, which is not in the plan.';
