-- What an execution does: its task runs, and the attempts of each.
--
-- Every task run passes through these two tables, and a foreign key is checked row by row: four of them took half the time of a
-- transition, and carrying a thousand task runs would have locked a thousand rows of the original. So the references that every
-- row has (execution, task, task run, worker, carried attempt) are held by triggers that check a whole statement at once:
-- sql/triggers/. The seldom ones are foreign keys.
--
-- No index of either table holds what a transition changes, and pages are left room for a second version of each row, so that ending an
-- attempt writes no index at all: an index of what each worker runs cost a fifth of a report, to be read when a worker dies.

create table reprise.task_runs (
  id bigint generated always as identity,
  original_id bigint,
  carried_attempt_id bigint,
  parent_id bigint,
  execution_id uuid not null,
  task_key integer not null,
  iteration integer,
  state reprise.task_run_state not null default 'CREATED',
  attempt_number integer not null default 0,
  try integer not null default 0,
  is_carried boolean not null default false,
  created_at timestamptz not null,
  ended_at timestamptz,
  retry_at timestamptz,
  iteration_path text[],
  constraint task_runs_pkey primary key (id),
  constraint task_runs_identity_key unique nulls not distinct (execution_id, task_key, iteration_path),
  constraint task_runs_parent_id_fkey foreign key (parent_id) references reprise.task_runs (id) on delete cascade,
  constraint task_runs_original_id_fkey foreign key (original_id) references reprise.task_runs (id),
  constraint task_runs_ended_at_check check (
    (ended_at is not null) = (state in ('SUCCESS', 'WARNING', 'FAILED', 'KILLED', 'CANCELLED', 'SKIPPED'))
  ),
  constraint task_runs_retry_at_check check ((retry_at is not null) = (state = 'RETRYING')),
  constraint task_runs_carried_check check (is_carried or carried_attempt_id is null),
  constraint task_runs_iteration_check check (iteration is null or iteration_path is not null),
  constraint task_runs_try_check check (try >= 0 and attempt_number >= 0)
) with (fillfactor = 85);
create index task_runs_parent_id_idx on reprise.task_runs (parent_id) where parent_id is not null;
create index task_runs_original_id_idx on reprise.task_runs (original_id) where original_id is not null;
create index task_runs_carried_attempt_id_idx on reprise.task_runs (carried_attempt_id) where carried_attempt_id is not null;

create table reprise.attempts (
  id bigint generated always as identity,
  task_run_id bigint not null,
  started_at timestamptz not null,
  ended_at timestamptz,
  worker_id integer,
  number integer not null,
  try integer not null,
  state reprise.attempt_state not null default 'RUNNING',
  progress real,
  progress_note text,
  outputs jsonb,
  error jsonb,
  overridden_by text,
  constraint attempts_pkey primary key (id),
  constraint attempts_number_key unique (task_run_id, number),
  constraint attempts_number_check check (number >= 1 and try >= 0),
  constraint attempts_ended_at_check check ((ended_at is null) = (state = 'RUNNING')),
  constraint attempts_error_check check (error is null or state in ('FAILED', 'KILLED', 'RESUBMITTED')),
  constraint attempts_worker_check check ((worker_id is null) = (overridden_by is not null)),
  constraint attempts_progress_check check (progress between 0 and 1)
) with (fillfactor = 50);

alter table reprise.executions
  add constraint executions_parent_task_run_id_fkey foreign key (parent_task_run_id) references reprise.task_runs (id)
    on delete set null;

comment on table reprise.task_runs is
  'One task of one execution, in one iteration of the loops around it. Its outputs are those of the attempt it shows: '
  'the carried one, else its own last.';
comment on column reprise.task_runs.id is
  'Stable over attempts and new in a replay: the idempotency key for side effects.';
comment on column reprise.task_runs.original_id is
  'The task run of the original execution that it runs again, or carries without an attempt.';
comment on column reprise.task_runs.carried_attempt_id is 'The attempt of an earlier execution whose outputs it shows.';
comment on column reprise.task_runs.parent_id is 'The task run of the block it stands in.';
comment on column reprise.task_runs.execution_id is 'Its execution.';
comment on column reprise.task_runs.task_key is 'Its task, on the revision of its execution.';
comment on column reprise.task_runs.iteration is 'The number of its iteration, from 0, directly inside a loop.';
comment on column reprise.task_runs.state is 'Where it stands.';
comment on column reprise.task_runs.attempt_number is 'The number of its last attempt; attempts of its originals count.';
comment on column reprise.task_runs.try is 'How many attempts its retry budget has seen; starts anew in a replay and a restart.';
comment on column reprise.task_runs.is_carried is 'Whether a replay carried it instead of running it.';
comment on column reprise.task_runs.created_at is 'When the execution reached it, or carried it.';
comment on column reprise.task_runs.ended_at is 'When it reached a terminal state in this execution.';
comment on column reprise.task_runs.retry_at is 'When its next attempt may begin.';
comment on column reprise.task_runs.iteration_path is 'The values of the loops around it, outermost first, its own last; empty outside loops.';

comment on table reprise.attempts is
  'One try at a task run. Its id is the lease: a result is taken only for an attempt that is RUNNING, from the worker that holds it.';
comment on column reprise.attempts.id is 'The number under which a worker holds it.';
comment on column reprise.attempts.task_run_id is 'Its task run.';
comment on column reprise.attempts.started_at is 'When a worker took it.';
comment on column reprise.attempts.ended_at is 'When it ended.';
comment on column reprise.attempts.worker_id is 'The worker that holds or held it.';
comment on column reprise.attempts.number is 'Counts from 1 over everything that ever ran for the task, in the originals too.';
comment on column reprise.attempts.try is 'What the retry budget counts; an attempt lost with its worker takes none.';
comment on column reprise.attempts.state is 'How it stands.';
comment on column reprise.attempts.progress is 'How far a long one is, from 0 to 1, as far as it can tell.';
comment on column reprise.attempts.progress_note is 'What a long one is doing.';
comment on column reprise.attempts.outputs is 'The outputs that it made.';
comment on column reprise.attempts.error is 'Why it failed: {"reason", "message", …}.';
comment on column reprise.attempts.overridden_by is 'Who gave its outputs in a replay, instead of a worker.';

create type reprise.begun_attempt as (
  attempt_id bigint,
  task_run_id bigint,
  execution_id uuid,
  task_key integer,
  number integer,
  task_run_created_at timestamptz,
  iteration integer,
  iteration_path text[],
  start_date timestamptz,
  root_id uuid,
  inputs jsonb,
  variables jsonb,
  labels jsonb,
  trigger jsonb,
  outputs jsonb
);
comment on type reprise.begun_attempt is
  'An attempt as a worker gets it: what to run, and what its templates read; what they do not read is left out.';

create type reprise.opening as (
  execution_id uuid,
  task_key integer
);
comment on type reprise.opening is 'A task that an execution has come to, and that has no task run yet.';
