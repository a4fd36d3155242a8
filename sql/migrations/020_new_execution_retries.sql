-- Retries that create a new execution: what failed and the blocks around it end as RETRIED, with their execution, and a replay from the
-- start comes in its place after a while. Postgres lets a new label be used only by a later transaction, so its checks are in 021.

alter type reprise.task_run_state add value 'RETRIED' before 'SKIPPED';
comment on type reprise.task_run_state is 'Where a task run stands. The last seven are terminal.';

alter table reprise.executions
  add column try integer not null default 1,
  add column first_tried_at timestamptz,
  add column retry_at timestamptz,
  add constraint executions_try_check check (try >= 1 and (first_tried_at is not null) = (try > 1)),
  add constraint executions_retry_at_check check (retry_at is null or state = 'RETRIED'),
  drop constraint executions_verdict_check,
  add constraint executions_verdict_check check (verdict in ('SUCCESS', 'WARNING', 'CANCELLED', 'FAILED', 'KILLED', 'RETRIED'));
comment on column reprise.executions.try is
  'How many executions the retry budget has seen that a retry created one after the other, this one included; starts anew in any other replay.';
comment on column reprise.executions.first_tried_at is 'When the first of these was created; empty for the first itself.';
comment on column reprise.executions.retry_at is
  'When an execution is created in its place, where its retry says so; empty again once that is done, or somebody killed it.';

-- Those that wait for their time, and no others.
create index executions_retry_at_idx on reprise.executions (retry_at) where retry_at is not null;
