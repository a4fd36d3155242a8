-- What a replay is planned to do, and what it needs to remember of its original. As in 004, triggers hold the references of
-- the table, a whole statement at once.

create type reprise.disposition as enum (
  'RERUN', 'CARRIED', 'CARRIED_CHANGED', 'CARRIED_FAILED', 'NEW', 'REMOVED', 'UNKNOWN', 'REOPENED',
  'RERUN_UNLESS_EQUAL', 'NOT_REACHED'
);
comment on type reprise.disposition is
  'What a replay does with a task run. RERUN: it runs again. CARRIED: kept as it ended. CARRIED_CHANGED: kept, though what it '
  'was made from has changed. CARRIED_FAILED: kept as failed, and fails the execution again. NEW: nothing to carry, runs first. '
  'REMOVED: the target revision has no such task. UNKNOWN: decided at run time. REOPENED: a block around an anchor goes on. '
  'RERUN_UNLESS_EQUAL: runs again only if what it reads comes out different. NOT_REACHED: cannot run.';

create type reprise.replay_mode as enum ('DOWNSTREAM', 'AFFECTED');
comment on type reprise.replay_mode is
  'DOWNSTREAM runs everything that stands behind the anchors again; AFFECTED only what can come out different.';

create type reprise.replay_plan_task as (
  task_id text,
  iteration_path text[],
  disposition reprise.disposition,
  reason text,
  because_of text,
  explanation text,
  state reprise.task_run_state,
  task_key integer,
  task_run_id bigint,
  attempt_id bigint,
  attempt_number integer,
  execution_id uuid,
  duration_ms bigint,
  changed_keys text[],
  is_overridden boolean
);
comment on type reprise.replay_plan_task is 'What a replay does with one task run, or with one task that has none yet.';
comment on column reprise.replay_plan_task.task_id is 'The task.';
comment on column reprise.replay_plan_task.iteration_path is 'The values of the loops around it, outermost first.';
comment on column reprise.replay_plan_task.disposition is 'What happens to it.';
comment on column reprise.replay_plan_task.reason is
  'Why, in one word: anchor, after, not_ended, unchanged, changed, failed, inserted, not_reached, removed, disabled, held_back.';
comment on column reprise.replay_plan_task.because_of is 'The task that the reason speaks of.';
comment on column reprise.replay_plan_task.explanation is 'Why, in a sentence.';
comment on column reprise.replay_plan_task.state is 'How it ended in the original; empty when it has no task run there.';
comment on column reprise.replay_plan_task.task_key is 'Its task on the target revision; empty when it is removed.';
comment on column reprise.replay_plan_task.task_run_id is 'Its task run in the original.';
comment on column reprise.replay_plan_task.attempt_id is 'The attempt whose outputs it shows, or that it follows.';
comment on column reprise.replay_plan_task.attempt_number is
  'Carried: the number of the attempt it shows. To run: the number that its first attempt will have.';
comment on column reprise.replay_plan_task.execution_id is 'The execution in which the shown attempt ran.';
comment on column reprise.replay_plan_task.duration_ms is 'How long the shown attempt had taken, in milliseconds.';
comment on column reprise.replay_plan_task.changed_keys is
  'What differs from what the shown attempt ran with: properties of the task, variables.NAME, inputs.ID, defaults.ID, outputs.TASK.';
comment on column reprise.replay_plan_task.is_overridden is 'Whether the caller gives its outputs.';

create type reprise.replay_problem as (
  code text,
  message text,
  task_id text,
  is_blocking boolean
);
comment on type reprise.replay_problem is 'Something about a planned replay that a person should know. A blocking one must be solved first.';
comment on column reprise.replay_problem.code is 'A stable word for it.';
comment on column reprise.replay_problem.message is 'What is wrong and what to do, in a sentence.';
comment on column reprise.replay_problem.task_id is 'The task it is about.';
comment on column reprise.replay_problem.is_blocking is 'Whether the replay is refused because of it.';

create type reprise.replay_plan as (
  execution_id uuid,
  flow_revision integer,
  anchors jsonb,
  inputs jsonb,
  plan_hash text,
  is_runnable boolean,
  carried_count integer,
  rerun_count integer,
  saved_ms bigint,
  tasks reprise.replay_plan_task[],
  problems reprise.replay_problem[]
);
comment on type reprise.replay_plan is 'What a replay would do, before it does it.';
comment on column reprise.replay_plan.execution_id is 'The original.';
comment on column reprise.replay_plan.flow_revision is 'The target revision, resolved to its number.';
comment on column reprise.replay_plan.anchors is 'Where the replay starts: [{"anchor", "taskId", "path", "taskRunId"}].';
comment on column reprise.replay_plan.inputs is 'The inputs that the replay will have, as far as they are known before it starts.';
comment on column reprise.replay_plan.plan_hash is 'Pass it back to run exactly this plan, or nothing.';
comment on column reprise.replay_plan.is_runnable is 'Whether no problem blocks it.';
comment on column reprise.replay_plan.carried_count is 'How many task runs are carried.';
comment on column reprise.replay_plan.rerun_count is 'How many tasks run, again or for the first time, as far as it is known.';
comment on column reprise.replay_plan.saved_ms is 'How long the carried task runs had taken together, in milliseconds.';
comment on column reprise.replay_plan.tasks is 'What happens to each task, in the order of the flow.';
comment on column reprise.replay_plan.problems is 'What stands in the way, and what to look out for.';

create type reprise.anchor as (
  anchor text,
  task_run_id bigint,
  task_id text,
  iteration_path text[]
);
comment on type reprise.anchor is 'Where a replay starts, taken apart: start, failed, auto, a task run, or a task in an iteration.';

create table reprise.replayed_task_runs (
  execution_id uuid not null,
  task_key integer not null,
  iteration_path text[],
  original_id bigint not null,
  attempt_number integer not null,
  constraint replayed_task_runs_identity_key unique nulls not distinct (execution_id, task_key, iteration_path),
  constraint replayed_task_runs_attempt_number_check check (attempt_number >= 0)
);
create index replayed_task_runs_original_id_idx on reprise.replayed_task_runs (original_id);
comment on table reprise.replayed_task_runs is
  'The task runs of the original that a replay will run again when it reaches them: what they follow, and where their attempt '
  'numbers go on. Written with the replay, so that a running original cannot change it.';
comment on column reprise.replayed_task_runs.execution_id is 'The replay.';
comment on column reprise.replayed_task_runs.task_key is 'The task, on the replay''s revision.';
comment on column reprise.replayed_task_runs.iteration_path is 'The values of the loops around it.';
comment on column reprise.replayed_task_runs.original_id is 'The task run of the original.';
comment on column reprise.replayed_task_runs.attempt_number is 'The number of its last attempt when the replay was made.';
