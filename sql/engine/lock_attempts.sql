create or replace function reprise_engine.lock_attempts(attempt_ids bigint[])
returns uuid[]
language plpgsql volatile
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
declare
  v_executions uuid[];
begin
  select array_agg(locked.id) into v_executions
  from (
    select e.id
    from reprise.executions as e
    where e.id = any (array(
      select r.execution_id
      from unnest(lock_attempts.attempt_ids) as given (id)
      cross join lateral (select a.task_run_id from reprise.attempts as a where a.id = given.id offset 0) as a
      cross join lateral (select r.execution_id from reprise.task_runs as r where r.id = a.task_run_id offset 0) as r
    ))
    order by e.id
    for no key update
  ) as locked;

  return v_executions;
end;
$$;

comment on function reprise_engine.lock_attempts is 'Locks the executions of these attempts, in the order of their ids, and returns them.';
