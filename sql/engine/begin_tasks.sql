create or replace function reprise_engine.begin_tasks(worker_id integer, openings reprise.opening[])
returns bigint[]
language plpgsql volatile
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
declare
  v_now timestamptz := reprise_engine.clock();
  v_attempts bigint[];
begin
  with begun as (
    insert into reprise.task_runs (
      execution_id, task_key, parent_id, iteration, iteration_path, original_id, attempt_number, try, state, created_at
    )
    select
      o.execution_id, o.task_key, o.parent_id, o.iteration, o.iteration_path, p.original_id, coalesce(p.attempt_number, 0) + 1, 1,
      'RUNNING', v_now
    from unnest(begin_tasks.openings) as o
    left join lateral (
      select p.original_id, p.attempt_number
      from reprise_engine.find_replayed(o.execution_id, o.task_key, o.iteration_path) as p
      offset 0
    ) as p on true
    returning id, attempt_number
  ), leased as (
    insert into reprise.attempts (task_run_id, number, try, worker_id, started_at)
    select b.id, b.attempt_number, 1, begin_tasks.worker_id, v_now
    from begun as b
    returning id
  )
  select coalesce(array_agg(leased.id), '{}') into v_attempts from leased;

  return v_attempts;
end;
$$;

comment on function reprise_engine.begin_tasks is
  'Creates the task runs of tasks that running executions have come to, already begun by a worker that has room: no job, no second look. '
  'Returns the ids of their attempts.';
