create or replace function reprise_engine.enqueue_deadlines(execution_ids uuid[])
returns void
language sql volatile
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
  select graphile_worker.add_jobs(array_agg((
    'reprise.Deadline', json_build_object('executionId', e.id), null, e.deadline_at, null, 'deadline:' || e.id, null, null
  )::graphile_worker.job_spec))
  from reprise.executions as e
  where e.id = any (enqueue_deadlines.execution_ids) and e.deadline_at is not null and e.ended_at is null
  having count(*) > 0;
$$;

comment on function reprise_engine.enqueue_deadlines is 'Gives each of these executions a job at the time at which it violates an SLA.';
