create or replace function reprise_engine.register_worker(
  pool_ids text[],
  host text,
  pid integer,
  version text,
  worker_group text,
  job_identifiers text[],
  concurrency integer,
  beat_ms integer,
  fetches_outputs boolean default false
)
returns integer
language sql volatile
set search_path = ''
as $$
  insert into reprise.workers (
    pool_ids, host, pid, version, worker_group, job_identifiers, concurrency, beat_ms, fetches_outputs, started_at, heartbeat_at
  )
  select
    register_worker.pool_ids, register_worker.host, register_worker.pid, register_worker.version, register_worker.worker_group,
    register_worker.job_identifiers, register_worker.concurrency, register_worker.beat_ms, register_worker.fetches_outputs,
    now.at, now.at
  from reprise_engine.clock() as now (at)
  returning id;
$$;

comment on function reprise_engine.register_worker is
  'Makes a worker known and returns its id. It then holds the session lock (20290, id) on one connection, and beats.';
