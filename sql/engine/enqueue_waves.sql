create or replace function reprise_engine.enqueue_waves(block_ids bigint[])
returns void
language sql volatile
set search_path = ''
as $$
  -- Behind the jobs of the lanes that begin in the same transaction: whoever comes to it has room for more.
  select graphile_worker.add_jobs(array_agg((
    'reprise.Wave', json_build_object('id', given.id::text), null, now() + interval '1 microsecond', null, 'wave:' || given.id, null, null
  )::graphile_worker.job_spec))
  from unnest(enqueue_waves.block_ids) as given (id)
  having count(*) > 0;
$$;

comment on function reprise_engine.enqueue_waves is 'Gives each of these blocks a job that begins more of its lanes.';
