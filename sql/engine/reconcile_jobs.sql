create or replace function reprise_engine.reconcile_jobs(batch integer default 1000)
returns integer
language plpgsql volatile
set search_path = ''
as $$
declare
  v_waiting bigint[];
begin
  if not pg_try_advisory_xact_lock(20290, -1) then
    return 0;
  end if;

  perform graphile_worker.force_unlock_workers(array(
    select distinct j.locked_by
    from graphile_worker.jobs as j
    -- Only what is ours: others may have workers of their own on the same queue.
    where j.key like 'task\_run:%' and j.locked_at < reprise_engine.clock() - interval '10 seconds'
      and not exists (
        select
        from reprise.workers as w
        where w.state = 'RUNNING' and j.locked_by = any (w.pool_ids)
      )
  ));

  select coalesce(array_agg(missing.id), '{}') into v_waiting
  from (
    select r.id
    from reprise.executions as e
    join reprise.task_runs as r on r.execution_id = e.id
    left join graphile_worker.jobs as j on j.key = 'task_run:' || r.id
    where (e.state in ('CREATED', 'RUNNING', 'PAUSED', 'BREAKPOINT', 'RESTARTED') and not e.is_held or e.is_finishing)
      and r.state in ('CREATED', 'RESTARTED', 'RETRYING') and r.is_put_off is null
      and case
        when j.id is null then true
        -- Whoever locks a job looks at it within a moment, unless the answer was lost on its way.
        when j.locked_at is not null then j.locked_at < reprise_engine.clock() - interval '10 seconds'
        else j.run_at > coalesce(r.retry_at, reprise_engine.clock()) + interval '5 seconds' or j.attempts >= j.max_attempts
      end
      -- What stands in a WorkingDirectory is begun by whoever runs that.
      and not exists (
        select
        from reprise.tasks as t
        join reprise.tasks as around on around.key = t.parent_key and around.kind = 'WORKING_DIRECTORY'
        where t.key = r.task_key and t.branch = 'tasks'
      )
    order by r.id
    limit reconcile_jobs.batch
  ) as missing;

  perform reprise_engine.enqueue_task_runs(v_waiting);

  return cardinality(v_waiting) + reprise_engine.reconcile_subflows(reconcile_jobs.batch) + reprise_engine.reconcile_wake_ups(reconcile_jobs.batch);
end;
$$;

comment on function reprise_engine.reconcile_jobs is
  'Frees jobs that nobody living holds, and gives a job to every task run that waits and has none, or one put off or forgotten '
  'through a fault, and to executions that wait for a time, a slot, or the end of another: the tables are the truth, jobs only wake-ups. Returns how many it made.';
