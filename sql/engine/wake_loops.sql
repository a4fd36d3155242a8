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
  v_before bigint[];
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
    -- An iteration begins with nothing there. What the one before has made is there to be read until then.
    v_before := array(select r.id from reprise.task_runs as r where r.parent_id = any (v_going_on));
    perform reprise_engine.remember_carried(v_before);
    perform reprise_engine.drop_task_runs(v_before);
    update reprise.attempts as a
    set last_iteration = null
    where a.id = any (array(
      select own.id
      from unnest(v_going_on) as given (id)
      cross join lateral (select r.attempt_number from reprise.task_runs as r where r.id = given.id offset 0) as r
      cross join lateral (
        select own.id from reprise.attempts as own where own.task_run_id = given.id and own.number = r.attempt_number offset 0
      ) as own
    ));
    perform reprise_engine.enqueue_task_runs(
      reprise_engine.open_tasks(reprise_engine.advance('{}', reprise_engine.begin_lanes(v_going_on)))
    );
  end if;
  return v_executions;
end;
$$;

comment on function reprise_engine.wake_loops is
  'The next iterations of those of these loops begin whose time has come; returns their executions, whose locks the caller holds.';
