create or replace function reprise_engine.lease_task_runs(worker_id integer, task_run_ids bigint[])
returns setof reprise.begun_attempt
language plpgsql volatile
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
declare
  v_now timestamptz := reprise_engine.clock();
  v_leased record;
begin
  -- Guard and change: only what waits, in an execution that goes on. A second job for the same task run finds nothing.
  with due as (
    select r.id, r.execution_id, e.state as execution_state
    from reprise.task_runs as r
    cross join lateral (select e.state, e.is_held from reprise.executions as e where e.id = r.execution_id offset 0) as e
    where r.id = any (lease_task_runs.task_run_ids)
      and (e.state in ('CREATED', 'RUNNING', 'PAUSED', 'BREAKPOINT', 'RESTARTED') and not e.is_held or (select t.is_after from reprise.tasks as t where t.key = r.task_key))
      and (r.state in ('CREATED', 'RESTARTED') or r.state = 'RETRYING' and r.retry_at <= v_now)
  ), begun as (
    update reprise.task_runs as r
    set state = 'RUNNING', attempt_number = r.attempt_number + 1, try = r.try + 1, retry_at = null
    where r.id = any (array(select d.id from due as d))
    returning r.id, r.attempt_number, r.try
  ), leased as (
    insert into reprise.attempts (task_run_id, number, try, worker_id, started_at)
    select b.id, b.attempt_number, b.try, lease_task_runs.worker_id, v_now
    from begun as b
    returning id
  )
  select
    (select array_agg(l.id) from leased as l) as attempts,
    (select array_agg(distinct d.execution_id) from due as d where d.execution_state in ('CREATED', 'RESTARTED')) as started
  into v_leased;

  -- Consequence.
  if v_leased.started is not null then
    update reprise.executions as e
    set state = 'RUNNING', started_at = coalesce(e.started_at, v_now)
    where e.id = any (v_leased.started);

    -- Notify.
    perform reprise_engine.notify_executions(v_leased.started);
  end if;

  return query select * from reprise_engine.read_begun(v_leased.attempts);
end;
$$;

comment on function reprise_engine.lease_task_runs is
  'The part of begin_attempts behind the lock: gives waiting task runs attempts at a worker. The caller holds the locks of their executions.';
