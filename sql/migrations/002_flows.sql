-- What can run: flows, their immutable revisions, and one row per task of a revision.

create table reprise.flows (
  namespace text not null,
  id text not null,
  latest_revision integer not null,
  is_disabled boolean not null default false,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  deleted_at timestamptz,
  constraint flows_pkey primary key (namespace, id),
  constraint flows_namespace_check check (namespace ~ '^[a-z0-9][a-z0-9._-]*$' and length(namespace) <= 150),
  constraint flows_id_check check (id ~ '^[a-zA-Z0-9][a-zA-Z0-9._-]*$' and length(id) <= 100),
  constraint flows_latest_revision_check check (latest_revision >= 1)
);
comment on table reprise.flows is 'A flow: what a person saves, runs and replays. Its text lives in its revisions.';
comment on column reprise.flows.namespace is 'The namespace, dotted: company.team.';
comment on column reprise.flows.id is 'The id, unique in its namespace.';
comment on column reprise.flows.latest_revision is 'The number of the newest revision.';
comment on column reprise.flows.is_disabled is 'A disabled flow keeps its executions and starts no new ones.';
comment on column reprise.flows.created_at is 'When the first revision was saved.';
comment on column reprise.flows.updated_at is 'When the flow last changed.';
comment on column reprise.flows.deleted_at is 'When the flow was deleted. Its executions stay; saving it again goes on with the next revision.';

create table reprise.flow_revisions (
  namespace text not null,
  flow_id text not null,
  revision integer not null,
  source text not null,
  definition jsonb not null,
  is_disabled boolean not null default false,
  message text,
  created_by text not null,
  created_at timestamptz not null,
  constraint flow_revisions_pkey primary key (namespace, flow_id, revision),
  constraint flow_revisions_flow_fkey foreign key (namespace, flow_id) references reprise.flows (namespace, id),
  constraint flow_revisions_revision_check check (revision >= 1)
);
comment on table reprise.flow_revisions is 'One saved text of a flow. It never changes: a changed text is a new revision.';
comment on column reprise.flow_revisions.namespace is 'The namespace of the flow.';
comment on column reprise.flow_revisions.flow_id is 'The id of the flow.';
comment on column reprise.flow_revisions.revision is 'Counts from 1, one up with each changed text.';
comment on column reprise.flow_revisions.source is 'The YAML text, byte for byte as it was saved.';
comment on column reprise.flow_revisions.definition is
  'The flow as it was understood: inputs, variables, labels, outputs and so on, without its tasks.';
comment on column reprise.flow_revisions.is_disabled is 'Whether the text itself says disabled: true.';
comment on column reprise.flow_revisions.message is 'What the author said about the change.';
comment on column reprise.flow_revisions.created_by is 'Who saved it.';
comment on column reprise.flow_revisions.created_at is 'When it was saved.';

create table reprise.tasks (
  key integer generated always as identity,
  namespace text not null,
  flow_id text not null,
  revision integer not null,
  id text not null,
  type text not null,
  kind reprise.task_kind not null,
  parent_key integer,
  branch text not null,
  position integer not null,
  next_key integer,
  is_disabled boolean not null default false,
  allow_failure boolean not null default false,
  allow_warning boolean not null default false,
  job_identifier text not null,
  definition jsonb not null,
  fingerprint text not null,
  retry jsonb,
  reads jsonb not null,
  reads_tasks integer[],
  reads_task_ids text[],
  reads_inputs boolean not null generated always as (
    coalesce((reads ->> 'all')::boolean or kind = 'DEFAULTS' or reads -> 'inputs' <> '[]', true)
  ) stored,
  reads_variables boolean not null generated always as (
    coalesce((reads ->> 'all')::boolean or reads -> 'variables' <> '[]', true)
  ) stored,
  reads_labels boolean not null generated always as (
    coalesce((reads ->> 'all')::boolean or (reads ->> 'labels')::boolean, true)
  ) stored,
  reads_trigger boolean not null generated always as (
    coalesce((reads ->> 'all')::boolean or (reads ->> 'trigger')::boolean, true)
  ) stored,
  constraint tasks_pkey primary key (key),
  constraint tasks_revision_id_key unique (namespace, flow_id, revision, id),
  constraint tasks_place_key unique nulls not distinct (namespace, flow_id, revision, parent_key, branch, position),
  constraint tasks_revision_fkey foreign key (namespace, flow_id, revision)
    references reprise.flow_revisions (namespace, flow_id, revision) on delete cascade,
  constraint tasks_parent_key_fkey foreign key (parent_key) references reprise.tasks (key) on delete cascade,
  constraint tasks_next_key_fkey foreign key (next_key) references reprise.tasks (key) on delete cascade
    deferrable initially deferred,
  constraint tasks_position_check check (position >= 0)
);
create index tasks_parent_key_idx on reprise.tasks (parent_key) where parent_key is not null;
create index tasks_next_key_idx on reprise.tasks (next_key) where next_key is not null;
comment on table reprise.tasks is 'One task of one revision, compiled. Immutable, so workers keep what they have read.';
comment on column reprise.tasks.key is 'The key of the row; another revision''s task of the same id has another.';
comment on column reprise.tasks.namespace is 'The namespace of the flow.';
comment on column reprise.tasks.flow_id is 'The id of the flow.';
comment on column reprise.tasks.revision is 'The revision of the flow.';
comment on column reprise.tasks.id is 'The id, unique in the revision. With the iteration path it is a task''s identity over revisions.';
comment on column reprise.tasks.type is 'The full name of the task type.';
comment on column reprise.tasks.kind is 'How the engine treats it.';
comment on column reprise.tasks.parent_key is 'The block it stands in; empty at the top of the flow.';
comment on column reprise.tasks.branch is
  'The list of its block that it stands in: tasks, then, else, errors, finally; at the top also defaults and outputs (system steps).';
comment on column reprise.tasks.position is 'Its place in that list, from 0.';
comment on column reprise.tasks.next_key is 'The next enabled task of that list.';
comment on column reprise.tasks.is_disabled is 'A disabled task is passed over, as if it were not there.';
comment on column reprise.tasks.allow_failure is 'Whether its failure only warns.';
comment on column reprise.tasks.allow_warning is 'Whether its warning counts as success.';
comment on column reprise.tasks.job_identifier is 'The identifier of its jobs: its type, so that a worker fetches only what it can run.';
comment on column reprise.tasks.definition is 'Its properties as written, defaults of the flow applied, without the tasks inside it.';
comment on column reprise.tasks.fingerprint is 'A hash of the definition: equal fingerprints mean the same work.';
comment on column reprise.tasks.retry is 'The retry that holds for it: its own, else that of the nearest block, else the flow''s.';
comment on column reprise.tasks.reads is
  'What its templates read: {"all": boolean, "outputs": [task ids], "variables": [names], "inputs": [ids], …}.';
comment on column reprise.tasks.reads_tasks is 'The keys of the tasks whose outputs it reads; empty when it may read every output.';
comment on column reprise.tasks.reads_task_ids is 'Their ids, in the same order.';
comment on column reprise.tasks.reads_inputs is 'Whether it reads inputs: said once, so that beginning an attempt need not ask the JSON.';
comment on column reprise.tasks.reads_variables is 'Whether it reads variables.';
comment on column reprise.tasks.reads_labels is 'Whether it reads labels.';
comment on column reprise.tasks.reads_trigger is 'Whether it reads the trigger.';
