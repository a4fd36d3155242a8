create or replace function reprise_engine.enqueue_parents(task_run_ids bigint[], is_keyed boolean default false)
returns void
language sql volatile
set search_path = ''
as $$
  -- Only one who looks after jobs may give them keys: children of one parent that end at once would wait for each other over it.
  select graphile_worker.add_jobs(array_agg((
    'reprise.Subflow', json_build_object('id', given.id::text), null, null, null,
    case when enqueue_parents.is_keyed then 'subflow:' || given.id end, null, null
  )::graphile_worker.job_spec))
  from unnest(enqueue_parents.task_run_ids) as given (id)
  having count(*) > 0;
$$;

comment on function reprise_engine.enqueue_parents is 'Gives each of these Subflow task runs a job that looks at its children.';
