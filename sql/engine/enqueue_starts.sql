create or replace function reprise_engine.enqueue_starts(execution_ids uuid[])
returns void
language sql volatile
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
  select graphile_worker.add_jobs(array_agg((
    'reprise.Start', json_build_object('executionId', e.id), null, e.schedule_date, null, 'start:' || e.id, null, null
  )::graphile_worker.job_spec))
  from reprise.executions as e
  where e.id = any (enqueue_starts.execution_ids) and e.is_scheduled
  having count(*) > 0;
$$;

comment on function reprise_engine.enqueue_starts is 'Gives each of these executions a job at its schedule date.';
