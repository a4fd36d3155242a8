create or replace function reprise_engine.wake_loops(task_run_ids bigint[])
returns uuid[]
language plpgsql volatile
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
declare
  v_executions uuid[];
  v_going_on bigint[];
begin
  with due as (
    update reprise.loops as l
    set due_at = null
    where l.task_run_id = any (wake_loops.task_run_ids) and l.due_at <= reprise_engine.clock()
    returning l.task_run_id
  )
  select coalesce(array_agg(r.execution_id), '{}'), coalesce(array_agg(d.task_run_id) filter (where r.state = 'RUNNING' and e.state <> 'KILLING'), '{}')
  into v_executions, v_going_on
  from due as d
  cross join lateral (select r.state, r.execution_id from reprise.task_runs as r where r.id = d.task_run_id offset 0) as r
  cross join lateral (select e.state from reprise.executions as e where e.id = r.execution_id offset 0) as e;

  if v_going_on <> '{}' then
    perform reprise_engine.enqueue_task_runs(
      reprise_engine.open_tasks(reprise_engine.advance('{}', reprise_engine.begin_lanes(v_going_on)))
    );
  end if;
  return v_executions;
end;
$$;

comment on function reprise_engine.wake_loops is
  'The next iterations of those of these loops begin whose time has come; returns their executions, whose locks the caller holds.';
