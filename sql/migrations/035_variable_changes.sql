-- What tasks have done to the variables of their executions, so that a replay can do it again where it carries these tasks. No reference to
-- attempts: those are many, and each that goes would be looked for here.

create table reprise.variable_changes (
  id bigint generated always as identity,
  execution_id uuid not null,
  attempt_id bigint not null,
  merged jsonb,
  removed text[],
  constraint variable_changes_pkey primary key (id),
  constraint variable_changes_execution_id_fkey foreign key (execution_id) references reprise.executions (id) on delete cascade,
  constraint variable_changes_change_check check ((merged is null) <> (removed is null))
);
create index variable_changes_execution_id_idx on reprise.variable_changes (execution_id);
comment on table reprise.variable_changes is 'What SetVariables and UnsetVariables have done to the variables of an execution.';
comment on column reprise.variable_changes.id is 'Changes in the order in which they were made.';
comment on column reprise.variable_changes.execution_id is 'The execution.';
comment on column reprise.variable_changes.attempt_id is 'The attempt that asked for it.';
comment on column reprise.variable_changes.merged is 'The variables that were merged into those that were there.';
comment on column reprise.variable_changes.removed is 'The names of those that were removed; dots lead into maps.';
