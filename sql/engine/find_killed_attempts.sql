create or replace function reprise_engine.find_killed_attempts(worker_id integer, attempt_ids bigint[])
returns table (attempt_id bigint, is_held boolean)
language sql stable
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
  select given.id, coalesce(a.state = 'RUNNING' and a.worker_id = find_killed_attempts.worker_id, false)
  from unnest(find_killed_attempts.attempt_ids) as given (id)
  left join lateral (
    select a.id, a.task_run_id, a.state, a.worker_id from reprise.attempts as a where a.id = given.id offset 0
  ) as a on true
  left join lateral (select r.execution_id from reprise.task_runs as r where r.id = a.task_run_id offset 0) as r on true
  left join lateral (select e.state from reprise.executions as e where e.id = r.execution_id offset 0) as e on true
  where a.id is null or a.state <> 'RUNNING' or a.worker_id <> find_killed_attempts.worker_id or e.state = 'KILLING';
$$;

comment on function reprise_engine.find_killed_attempts is
  'Which of the attempts that a worker runs it should stop: those of executions that are being killed, and those it does not hold any more.';
