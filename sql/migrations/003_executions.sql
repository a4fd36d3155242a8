-- One run of a flow, and where it came from.

create table reprise.executions (
  id uuid not null,
  namespace text not null,
  flow_id text not null,
  flow_revision integer not null,
  state reprise.execution_state not null default 'CREATED',
  attempt_number integer not null default 1,
  verdict reprise.execution_state not null default 'SUCCESS',
  inputs jsonb not null default '{}',
  labels jsonb not null default '{}',
  variables jsonb not null default '{}',
  trigger jsonb,
  outputs jsonb,
  error jsonb,
  start_date timestamptz not null,
  schedule_date timestamptz,
  created_at timestamptz not null,
  started_at timestamptz,
  first_started_at timestamptz,
  ended_at timestamptz,
  killing_at timestamptz,
  past_states jsonb not null default '[]',
  created_by text not null,
  note text,
  original_id uuid,
  root_id uuid,
  anchors jsonb,
  saved_ms bigint,
  parent_task_run_id bigint,
  idempotency_key text,
  request_hash text,
  purged_at timestamptz,
  constraint executions_pkey primary key (id),
  constraint executions_revision_fkey foreign key (namespace, flow_id, flow_revision)
    references reprise.flow_revisions (namespace, flow_id, revision),
  constraint executions_original_id_fkey foreign key (original_id) references reprise.executions (id),
  constraint executions_root_id_fkey foreign key (root_id) references reprise.executions (id),
  constraint executions_idempotency_key_key unique (idempotency_key),
  constraint executions_verdict_check check (verdict in ('SUCCESS', 'WARNING', 'CANCELLED', 'FAILED', 'KILLED')),
  constraint executions_attempt_number_check check (attempt_number >= 1),
  constraint executions_ended_at_check check (
    (ended_at is not null) = (state in ('SUCCESS', 'WARNING', 'FAILED', 'KILLED', 'CANCELLED', 'RETRIED'))
  ),
  constraint executions_lineage_check check (
    (original_id is null) = (root_id is null) and (original_id is null) = (anchors is null)
  ),
  constraint executions_idempotency_check check (idempotency_key is null or request_hash is not null)
) with (fillfactor = 80);
create index executions_flow_idx on reprise.executions (namespace, flow_id, id);
create index executions_revision_idx on reprise.executions (namespace, flow_id, flow_revision);
create index executions_original_id_idx on reprise.executions (original_id) where original_id is not null;
create index executions_root_id_idx on reprise.executions (root_id) where root_id is not null;
-- A line of replays, its first original included, as reprise_api.executions shows it.
create index executions_line_idx on reprise.executions (coalesce(root_id, id));
create index executions_state_idx on reprise.executions (state, id);
create index executions_created_at_idx on reprise.executions (created_at, id);
create index executions_parent_task_run_id_idx on reprise.executions (parent_task_run_id) where parent_task_run_id is not null;
create index executions_labels_idx on reprise.executions using gin (labels jsonb_path_ops);
comment on table reprise.executions is 'One run of a flow on one revision. A replay is an execution that names its original.';
comment on column reprise.executions.id is 'A uuid of version 7, so that ids sort by the time of creation.';
comment on column reprise.executions.namespace is 'The namespace of the flow.';
comment on column reprise.executions.flow_id is 'The id of the flow.';
comment on column reprise.executions.flow_revision is 'The revision that it runs on.';
comment on column reprise.executions.state is 'Where it stands.';
comment on column reprise.executions.attempt_number is
  'Counts from 1: the original''s plus one for a replay, one more for each restart.';
comment on column reprise.executions.verdict is
  'What its ended task runs make of it so far: the state in which it ends unless something worse follows.';
comment on column reprise.executions.inputs is 'The inputs, checked and complete.';
comment on column reprise.executions.labels is 'The labels, one JSON object of text.';
comment on column reprise.executions.variables is 'The variables, not yet rendered.';
comment on column reprise.executions.trigger is 'What started it, when a trigger did.';
comment on column reprise.executions.outputs is 'The outputs of the flow, once they are rendered.';
comment on column reprise.executions.error is 'Why it failed, when that was not a task: {"reason", "message"}.';
comment on column reprise.executions.start_date is
  'What expressions call execution.startDate. A replay from a task run keeps that of its original.';
comment on column reprise.executions.schedule_date is 'Not before this time.';
comment on column reprise.executions.created_at is 'When it was created, by its own clock.';
comment on column reprise.executions.started_at is 'When its first attempt began; of a restarted one, the first since then.';
comment on column reprise.executions.first_started_at is 'When the first of all its attempts began; only of a restarted one.';
comment on column reprise.executions.killing_at is 'When somebody killed it.';
comment on column reprise.executions.past_states is
  'What restarts have overwritten: [{"state", "at"}], from the first RUNNING to the last RESTARTED.';
comment on column reprise.executions.ended_at is 'When it reached a terminal state.';
comment on column reprise.executions.created_by is 'Who created it.';
comment on column reprise.executions.note is 'Why it was created, in the words of who did.';
comment on column reprise.executions.original_id is 'The execution that it replays.';
comment on column reprise.executions.root_id is 'The first original of that line of replays.';
comment on column reprise.executions.anchors is
  'Where the replay starts: [{"anchor", "taskId", "path", "taskRunId"}].';
comment on column reprise.executions.saved_ms is 'How long the carried task runs had taken: the time that the replay saved.';
comment on column reprise.executions.parent_task_run_id is 'The Subflow task run that started it.';
comment on column reprise.executions.idempotency_key is 'The same key gives the same execution.';
comment on column reprise.executions.request_hash is 'A hash of what the key was first used for.';
comment on column reprise.executions.purged_at is
  'When it was purged while replays still pointed at it. It goes with the last of them.';
