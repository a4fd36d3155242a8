create or replace function reprise_engine.enqueue_parents(task_run_ids bigint[])
returns void
language sql volatile
set search_path = ''
as $$
  -- Without a key: children of one parent that end at once would wait for each other over it.
  select graphile_worker.add_jobs(array_agg((
    'reprise.Subflow', json_build_object('id', given.id::text), null, null, null, null, null, null
  )::graphile_worker.job_spec))
  from unnest(enqueue_parents.task_run_ids) as given (id)
  having count(*) > 0;
$$;

comment on function reprise_engine.enqueue_parents is 'Gives each of these Subflow task runs a job that looks at its children.';
