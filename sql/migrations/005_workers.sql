-- Who does the work.

create type reprise.worker_state as enum ('RUNNING', 'STOPPED', 'LOST');
comment on type reprise.worker_state is 'RUNNING takes work, STOPPED went by itself, LOST was found dead by another.';

create table reprise.workers (
  id integer generated always as identity,
  state reprise.worker_state not null default 'RUNNING',
  pool_ids text[] not null,
  host text not null,
  pid integer not null,
  version text not null,
  worker_group text,
  job_identifiers text[] not null,
  concurrency integer not null,
  running_attempt_count integer not null default 0,
  beat_ms integer not null,
  started_at timestamptz not null,
  heartbeat_at timestamptz not null,
  stopped_at timestamptz,
  constraint workers_pkey primary key (id),
  constraint workers_stopped_at_check check ((stopped_at is null) = (state = 'RUNNING'))
) with (fillfactor = 50);
comment on table reprise.workers is
  'A worker process. It lives while its session lock is held or its heartbeat is young; it is dead when it has neither.';
comment on column reprise.workers.id is 'The number that its attempts carry, and its session lock.';
comment on column reprise.workers.state is 'Whether it takes work.';
comment on column reprise.workers.pool_ids is 'The names under which it locks jobs.';
comment on column reprise.workers.host is 'The machine.';
comment on column reprise.workers.pid is 'The process on that machine.';
comment on column reprise.workers.version is 'The version of Reprise that it runs.';
comment on column reprise.workers.worker_group is 'The worker group that it serves; empty for the default group.';
comment on column reprise.workers.job_identifiers is 'What it can run.';
comment on column reprise.workers.concurrency is 'How many attempts it runs at once.';
comment on column reprise.workers.running_attempt_count is 'How many it was running when it last beat.';
comment on column reprise.workers.beat_ms is 'How often it beats, in milliseconds.';
comment on column reprise.workers.started_at is 'When it registered.';
comment on column reprise.workers.heartbeat_at is 'When it last said that it lives.';
comment on column reprise.workers.stopped_at is 'When it stopped or was found dead.';
