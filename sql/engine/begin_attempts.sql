create or replace function reprise_engine.begin_attempts(worker_id integer, task_run_ids bigint[])
returns setof reprise.begun_attempt
language plpgsql volatile
set search_path = ''
set join_collapse_limit = 1
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set enable_bitmapscan = off
set enable_hashjoin = off
set enable_mergejoin = off
set enable_material = off
as $$
begin
  -- Lock.
  perform
  from (
    select distinct r.execution_id
    from unnest(begin_attempts.task_run_ids) as given (id)
    join reprise.task_runs as r on r.id = given.id
    order by r.execution_id
  ) as touched
  join reprise.executions as e on e.id = touched.execution_id
  for no key update of e;

  -- Guard, change, consequence, notify.
  return query select * from reprise_engine.lease_task_runs(begin_attempts.worker_id, begin_attempts.task_run_ids);
end;
$$;

comment on function reprise_engine.begin_attempts is
  'Leases these task runs to a worker: each that waits gets a new attempt, with what its templates read. What does not wait any more, '
  'or belongs to an execution that does not go on, is left out.';
