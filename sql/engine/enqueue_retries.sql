create or replace function reprise_engine.enqueue_retries(execution_ids uuid[])
returns void
language sql volatile
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
  select graphile_worker.add_jobs(array_agg((
    'reprise.Retry', json_build_object('executionId', e.id), null, e.retry_at, null, 'retry:' || e.id, null, null
  )::graphile_worker.job_spec))
  from reprise.executions as e
  where e.id = any (enqueue_retries.execution_ids) and e.retry_at is not null
  having count(*) > 0;
$$;

comment on function reprise_engine.enqueue_retries is 'Gives each of these executions a job at the time at which a new one takes its place.';
