create or replace function reprise_engine.enqueue_task_runs(task_run_ids bigint[])
returns void
language sql volatile
set search_path = ''
set join_collapse_limit = 1
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set enable_bitmapscan = off
set enable_hashjoin = off
set enable_mergejoin = off
set enable_material = off
as $$
  -- A job says no more than "look at this task run". Its key makes a second one replace the first.
  select graphile_worker.add_jobs(array_agg((
    t.job_identifier, json_build_object('id', r.id::text), null, r.retry_at, null, 'task_run:' || r.id, null, null
  )::graphile_worker.job_spec))
  from unnest(enqueue_task_runs.task_run_ids) as wanted (id)
  join reprise.task_runs as r on r.id = wanted.id
  join reprise.tasks as t on t.key = r.task_key
  having count(*) > 0;
$$;

comment on function reprise_engine.enqueue_task_runs is 'Gives each of these task runs a job, at its retry_at when it waits for a retry.';
