create or replace function reprise_engine.begin_replay(replay reprise.executions, original reprise.executions, plan reprise.replay_plan, failure text)
returns void
language plpgsql volatile
set search_path = ''
as $$
begin
  -- How far it has come, by what it carries.
  if replay.is_ending then
    update reprise.executions as e
    set exited_by = (
      select r.id
      from unnest(plan.tasks) as t
      cross join lateral reprise_engine.find_task_run(e.id, t.task_key, t.iteration_path) as r
      where t.task_run_id = original.exited_by
    )
    where e.id = replay.id;
  elsif exists (
    select
    from (select r.task_key from reprise.task_runs as r where r.execution_id = replay.id and r.parent_id is null and r.state = 'WARNING' offset 0) as r
    cross join lateral (select from reprise.tasks as t where t.key = r.task_key and not t.is_after offset 0) as t
  ) then
    perform reprise_engine.raise_verdicts(array[replay.id], '{WARNING}');
  end if;

  if failure is not null then
    perform reprise_engine.end_executions(array[replay.id], 'FAILED', jsonb_build_object('reason', 'check_failed', 'message', failure));
    perform reprise_engine.notify_executions(array[replay.id]);
    return;
  end if;

  perform reprise_engine.start_executions(array[replay.id], reprise_engine.first_openings(replay.id, plan.tasks));
  if replay.is_asserted then
    perform reprise_engine.enqueue_assertions(array[replay.id]);
  end if;
end;
$$;

comment on function reprise_engine.begin_replay is
  'Has a replay that has all that it carries come to its first task, or end at once where a check fails it: failure says why.';
