-- Executions that task runs of other executions have started.
--
-- A parent knows its children by the rows of subflows, and only who holds the lock of the parent writes them. A child that has ended may
-- not lock its parent, whose id sorts before its own: it leaves a row in ended_subflows, and a job that says so.

create table reprise.subflows (
  id bigint generated always as identity,
  task_run_id bigint not null,
  attempt_number integer not null,
  iteration integer not null default 0,
  execution_id uuid not null,
  child_attempt_number integer not null default 1,
  ended_state reprise.execution_state,
  constraint subflows_pkey primary key (id),
  constraint subflows_place_key unique (task_run_id, attempt_number, iteration),
  constraint subflows_task_run_id_fkey foreign key (task_run_id) references reprise.task_runs (id) on delete cascade,
  constraint subflows_execution_id_fkey foreign key (execution_id) references reprise.executions (id) on delete cascade,
  constraint subflows_iteration_check check (iteration >= 0),
  constraint subflows_ended_state_check check (ended_state in ('SUCCESS', 'WARNING', 'FAILED', 'KILLED', 'CANCELLED', 'RETRIED'))
);
-- All that tells a row by its child, so that nobody goes through ten thousand batches for one.
create index subflows_execution_id_idx on reprise.subflows (execution_id, task_run_id, attempt_number);
comment on table reprise.subflows is 'The executions that the attempts of a task run wait for: one of a Subflow, one for each batch of a ForEachItem.';
comment on column reprise.subflows.id is 'The key of the row.';
comment on column reprise.subflows.task_run_id is 'The task run.';
comment on column reprise.subflows.attempt_number is
  'The number of its attempt. One behind a restart waits for the children of the attempt before it.';
comment on column reprise.subflows.iteration is 'The number of the batch, from 0.';
comment on column reprise.subflows.execution_id is 'The child.';
comment on column reprise.subflows.child_attempt_number is
  'The attempt of the child that is waited for: a child that has not come so far is to be restarted once it has ended.';
comment on column reprise.subflows.ended_state is 'How the child has ended, once the task run has taken that.';

create table reprise.ended_subflows (
  id bigint generated always as identity,
  task_run_id bigint not null,
  execution_id uuid not null,
  ended_at timestamptz not null,
  constraint ended_subflows_pkey primary key (id)
);
-- No foreign keys: a purge of the parent must not be in the way of the child.
create index ended_subflows_task_run_id_idx on reprise.ended_subflows (task_run_id);
create index ended_subflows_ended_at_idx on reprise.ended_subflows (ended_at);
comment on table reprise.ended_subflows is
  'Children that have ended, and whose parents have not yet taken that. Nearly always empty; what stays longer than a moment gets a job again.';
comment on column reprise.ended_subflows.id is 'In the order in which they ended.';
comment on column reprise.ended_subflows.task_run_id is 'The task run that has started it.';
comment on column reprise.ended_subflows.execution_id is 'The child.';
comment on column reprise.ended_subflows.ended_at is 'When that was.';

create type reprise.subflow_extract as (
  task_run_id bigint,
  wanted jsonb,
  execution_id uuid,
  namespace text,
  flow_id text,
  flow_revision integer,
  execution_state reprise.execution_state,
  start_date timestamptz,
  root_id uuid,
  inputs jsonb,
  variables jsonb,
  labels jsonb,
  trigger jsonb,
  outputs jsonb
);
comment on type reprise.subflow_extract is
  'Outputs of a Subflow task that a worker has to render, by their names, and the child as its templates see it.';
