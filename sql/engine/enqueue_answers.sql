create or replace function reprise_engine.enqueue_answers(task_run_ids bigint[])
returns void
language sql volatile
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
  select graphile_worker.add_jobs(array_agg((
    'reprise.Answer', json_build_object('id', given.id::text), null, null, null, 'answer:' || given.id, null, null
  )::graphile_worker.job_spec))
  from unnest(enqueue_answers.task_run_ids) as given (id)
  having count(*) > 0;
$$;

comment on function reprise_engine.enqueue_answers is 'Has a worker render what each of these Pauses asks for, with what it was given.';
