create or replace function reprise_engine.find_running_attempts(worker_ids integer[])
returns bigint[]
language sql stable
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
  select coalesce(array_agg(a.id), '{}')
  from reprise.executions as e
  cross join lateral (
    select r.id, r.attempt_number
    from reprise.task_runs as r
    where r.execution_id = e.id and r.state = 'RUNNING'
    offset 0
  ) as r
  cross join lateral (
    select a.id
    from reprise.attempts as a
    where a.task_run_id = r.id and a.number = r.attempt_number
      and a.state = 'RUNNING' and a.worker_id = any (find_running_attempts.worker_ids)
    offset 0
  ) as a
  where e.state in ('CREATED', 'QUEUED', 'RUNNING', 'PAUSED', 'RETRYING', 'BREAKPOINT', 'RESTARTED', 'KILLING')
    or e.is_finishing;
$$;

comment on function reprise_engine.find_running_attempts is
  'The attempts that the tables say workers run. It looks through every execution that has not ended, so it is for when a worker has died '
  'or has lost an answer; no index is kept for it.';
