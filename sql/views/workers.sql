create or replace view reprise_api.workers as
select
  w.id,
  w.state,
  w.host,
  w.pid,
  w.version,
  w.worker_group,
  w.job_identifiers,
  w.concurrency,
  w.running_attempt_count,
  w.started_at,
  w.heartbeat_at,
  w.stopped_at
from reprise.workers as w;

comment on view reprise_api.workers is 'A worker process, living or gone.';
comment on column reprise_api.workers.id is 'The number that its attempts carry.';
comment on column reprise_api.workers.state is 'How it stands.';
comment on column reprise_api.workers.host is 'The machine.';
comment on column reprise_api.workers.pid is 'The process on that machine.';
comment on column reprise_api.workers.version is 'The version of Reprise that it runs.';
comment on column reprise_api.workers.worker_group is 'The worker group that it serves; empty for the default group.';
comment on column reprise_api.workers.job_identifiers is 'What it can run.';
comment on column reprise_api.workers.concurrency is 'How many attempts it runs at once.';
comment on column reprise_api.workers.running_attempt_count is 'How many attempts it was running when it last beat.';
comment on column reprise_api.workers.started_at is 'When it registered.';
comment on column reprise_api.workers.heartbeat_at is 'When it last said that it lives.';
comment on column reprise_api.workers.stopped_at is 'When it stopped or was found dead.';
