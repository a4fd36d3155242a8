create or replace function reprise_engine.enqueue_orphans(execution_ids uuid[], is_keyed boolean default false)
returns void
language sql volatile
set search_path = ''
as $$
  -- Only one who looks after jobs may give them keys: he holds nothing for which those who end executions wait.
  select graphile_worker.add_jobs(array_agg((
    'reprise.Orphans', json_build_object('executionId', given.id), null, null, null,
    case when enqueue_orphans.is_keyed then 'orphans:' || given.id end, null, null
  )::graphile_worker.job_spec))
  from unnest(enqueue_orphans.execution_ids) as given (id)
  having count(*) > 0;
$$;

comment on function reprise_engine.enqueue_orphans is 'Gives each of these executions, which were ended at once, a job that kills what it has started.';
