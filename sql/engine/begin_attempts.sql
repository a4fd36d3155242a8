create or replace function reprise_engine.begin_attempts(worker_id integer, task_run_ids bigint[])
returns setof reprise.begun_attempt
language plpgsql volatile
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
begin
  if not reprise_engine.is_serving(begin_attempts.worker_id) then
    return;
  end if;

  -- Lock.
  perform
  from reprise.executions as e
  where e.id = any (array(
    select r.execution_id from reprise.task_runs as r where r.id = any (begin_attempts.task_run_ids)
  ))
  order by e.id
  for no key update;

  -- Guard, change, consequence, notify.
  return query select * from reprise_engine.lease_task_runs(begin_attempts.worker_id, begin_attempts.task_run_ids);
end;
$$;

comment on function reprise_engine.begin_attempts is
  'Leases these task runs to a worker: each that waits gets a new attempt, with what its templates read. What does not wait any more, '
  'or belongs to an execution that does not go on, is left out; a worker that was taken for dead gets nothing.';
