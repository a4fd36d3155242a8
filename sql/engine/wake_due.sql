create or replace function reprise_engine.wake_due(batch integer default 1000)
returns double precision
language plpgsql volatile
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
declare
  v_now timestamptz := reprise_engine.clock();
  v_executions uuid[];
  v_loops bigint[];
begin
  -- Lock.
  select coalesce(array_agg(locked.id), '{}') into v_executions
  from (
    select e.id
    from reprise.executions as e
    where e.id = any (array(
      select r.execution_id
      from (select l.task_run_id from reprise.loops as l where l.due_at <= v_now order by l.due_at limit wake_due.batch) as due
      cross join lateral (select r.execution_id from reprise.task_runs as r where r.id = due.task_run_id offset 0) as r
    ))
    order by e.id
    for no key update skip locked
  ) as locked;

  if v_executions <> '{}' then
    -- Guard and change.
    with due as (
      update reprise.loops as l
      set due_at = null
      from reprise.task_runs as r
      where l.due_at <= v_now and r.id = l.task_run_id and r.execution_id = any (v_executions)
      returning r.id, r.state
    )
    select coalesce(array_agg(d.id) filter (where d.state = 'RUNNING'), '{}') into v_loops from due as d;

    -- Consequence.
    perform reprise_engine.enqueue_task_runs(
      reprise_engine.open_tasks(reprise_engine.advance('{}', reprise_engine.begin_lanes(v_loops)))
    )
    where v_loops <> '{}';

    -- Notify.
    perform reprise_engine.notify_executions(v_executions);
  end if;

  return (select extract(epoch from min(l.due_at) - v_now) * 1000 from reprise.loops as l where l.due_at is not null);
end;
$$;

comment on function reprise_engine.wake_due is
  'Goes on with what waits for a time that has come: the next iterations of loops. Returns in how many milliseconds there is more to do; null '
  'when nothing waits.';
