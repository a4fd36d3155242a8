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
  v_carried_rank bigint;
  v_failure text := judgement ->> 'failure';
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

  if v_replay.inputs::text like '%"kestra:///%' then
    perform reprise_engine.reference_input_files(array[v_replay.id], array[v_replay.inputs]);
  end if;
  if settled_before is not null then
    perform reprise_engine.carry_settled(v_replay.id, v_original, settled_before, settled_count, v_now);
  end if;
  perform reprise_engine.carry_task_runs(v_replay.id, plan.tasks, v_now);
  if exists (select from unnest(plan.tasks) as t where t.disposition = 'REOPENED') then
    -- A loop that is asking whether it goes on, or is carried itself, has nothing else to tell how often it has gone through its tasks.
    insert into reprise.loops (task_run_id, iteration_count, began_at)
    -- While it waits, it counts an iteration that has not begun.
    select r.id, l.iteration_count - (l.due_at is not null)::integer, v_now
    from unnest(plan.tasks) as t
    join reprise.loops as l on l.task_run_id = t.task_run_id
    cross join lateral reprise_engine.find_task_run(v_replay.id, t.task_key, t.iteration_path) as r
    where t.disposition = 'REOPENED';
  end if;
  v_carried_rank := reprise_engine.carried_rank(v_replay);
  if v_carried_rank is not null then
    update reprise.executions as e
    set
      carried_rank = v_carried_rank,
      variables = reprise_engine.replay_variables(v_replay, array(
        select t.attempt_id from unnest(plan.tasks) as t where t.disposition = 'RERUN' and t.attempt_id is not null
      ))
    where e.id = v_replay.id;
  end if;
  if overrides::text <> '{}' then
    perform reprise_engine.override_outputs(v_replay.id, overrides, created_by, v_now);
  end if;

  perform reprise_engine.note_replayed(v_replay.id, v_original.id, plan.tasks, plan.anchors);
  if v_is_ending then
    update reprise.executions as e
    set exited_by = (
      select r.id
      from unnest(plan.tasks) as t
      cross join lateral reprise_engine.find_task_run(e.id, t.task_key, t.iteration_path) as r
      where t.task_run_id = v_original.exited_by
    )
    where e.id = v_replay.id;
  elsif exists (
    select from reprise.task_runs as r where r.execution_id = v_replay.id and r.parent_id is null and r.state = 'WARNING'
  ) then
    perform reprise_engine.raise_verdicts(array[v_replay.id], '{WARNING}');
  end if;

  if v_failure is not null then
    perform reprise_engine.end_executions(array[v_replay.id], 'FAILED', jsonb_build_object('reason', 'check_failed', 'message', v_failure));
    perform reprise_engine.notify_executions(array[v_replay.id]);
  else
    perform reprise_engine.start_executions(array[v_replay.id], reprise_engine.first_openings(v_replay.id, plan.tasks));
  end if;
  if v_replay.is_asserted and v_failure is null then
    perform reprise_engine.enqueue_assertions(array[v_replay.id]);
  end if;

  select * into v_replay from reprise.executions as e where e.id = v_replay.id;
  return v_replay;
end;
$$;

comment on function reprise_engine.create_replay is
  'Makes the replay that a plan describes: copies the execution, carries what is carried, notes what runs again, and opens the first task. '
  'Returns null when the idempotency key was taken meanwhile. One that a retry creates goes on counting tries, and belongs to the same parent. '
  'judgement: what whoever can render templates has found; a check that fails executions fails it as it is created. '
  'settled_before, settled_count: what find_settled has found, which is not in the plan.';
