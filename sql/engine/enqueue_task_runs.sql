create or replace function reprise_engine.enqueue_task_runs(task_run_ids bigint[])
returns void
language sql volatile
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
  -- A job says no more than "look at this task run". Its key makes a second one replace the first.
  select graphile_worker.add_jobs(array_agg((
    t.job_identifier, json_build_object('id', r.id::text), null, r.retry_at, null, 'task_run:' || r.id, null, null
  )::graphile_worker.job_spec))
  from reprise.task_runs as r
  cross join lateral (select t.job_identifier from reprise.tasks as t where t.key = r.task_key offset 0) as t
  where r.id = any (enqueue_task_runs.task_run_ids)
  having count(*) > 0;
$$;

comment on function reprise_engine.enqueue_task_runs is 'Gives each of these task runs a job, at its retry_at when it waits for a retry.';
