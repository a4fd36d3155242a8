create or replace function reprise_engine.find_killed_attempts(worker_id integer, attempt_ids bigint[])
returns table (attempt_id bigint, is_held boolean)
language sql stable
set search_path = ''
as $$
  select given.id, coalesce(a.state = 'RUNNING' and a.worker_id = find_killed_attempts.worker_id, false)
  from unnest(find_killed_attempts.attempt_ids) as given (id)
  left join reprise.attempts as a on a.id = given.id
  left join reprise.task_runs as r on r.id = a.task_run_id
  left join reprise.executions as e on e.id = r.execution_id
  where a.id is null or a.state <> 'RUNNING' or a.worker_id <> find_killed_attempts.worker_id or e.state = 'KILLING';
$$;

comment on function reprise_engine.find_killed_attempts is
  'Which of the attempts that a worker runs it should stop: those of executions that are being killed, and those it does not hold any more.';
