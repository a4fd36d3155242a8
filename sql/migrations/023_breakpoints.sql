-- Executions that stop before chosen tasks.

alter table reprise.executions add column breakpoints jsonb;
comment on column reprise.executions.breakpoints is
  'The tasks before which it stops: [{"taskId", "path"}], the path empty for every iteration. Empty when it stops nowhere.';
