-- Executions whose inputs a worker has yet to look at: those that depend on others, whose values are an expression, or that are YAML.

alter table reprise.executions
  add column is_unresolved boolean not null default false;
comment on column reprise.executions.is_unresolved is
  'Whether inputs stand there as they were given, since only a worker can tell what they may be. It does so before the first task.';
