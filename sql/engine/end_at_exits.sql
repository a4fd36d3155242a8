create or replace function reprise_engine.end_at_exits(
  nodes reprise.replay_node[],
  places integer[],
  tasks reprise.replay_plan_task[],
  original reprise.executions
)
returns reprise.replay_plan_task[]
language plpgsql stable
set search_path = ''
set plan_cache_mode = force_generic_plan
as $$
declare
  v_exit integer;
begin
  for v_exit in
    select t.ordinality
    from unnest(tasks) with ordinality as t
    cross join lateral (
      select from reprise.tasks as k where k.key = t.task_key and k.type like '%.execution.Exit' and not k.is_after offset 0
    ) as k
    where t.disposition in ('RERUN', 'NEW', 'UNKNOWN') and not coalesce(t.task_run_id = original.exited_by, false)
      -- What is carried if its value is still there does not run.
      and t.reason <> 'kept'
    order by t.ordinality
  loop
    tasks := reprise_engine.end_at_exit(nodes, places, tasks, v_exit, has_ended => false);
  end loop;
  return tasks;
end;
$$;

comment on function reprise_engine.end_at_exits is
  'A plan in which what would run behind or beside an Exit that has not ended the original is as sure as that Exit lets it be: each that may run may end the replay.';
