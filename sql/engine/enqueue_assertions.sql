create or replace function reprise_engine.enqueue_assertions(execution_ids uuid[])
returns void
language sql volatile
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
  -- However often an execution changes, one look at it waits.
  select graphile_worker.add_jobs(array_agg((
    'reprise.Assertions', json_build_object('executionId', e.id), null, null, null, 'assertions:' || e.id, null, null
  )::graphile_worker.job_spec))
  from reprise.executions as e
  where e.id = any (enqueue_assertions.execution_ids) and e.is_asserted and e.ended_at is null
  having count(*) > 0;
$$;

comment on function reprise_engine.enqueue_assertions is
  'Has a worker look whether what SLAs assert of these executions still holds. A look that is lost is made up for by the next, the last of '
  'which comes before an execution ends.';
