-- What tasks say. Partitioned by day, so that old days are dropped whole. No foreign keys: lines live as long as
-- the retention of logs says, and what they tell of may go before them.

create sequence reprise.logs_id_seq;

create table reprise.logs (
  id bigint not null default nextval('reprise.logs_id_seq'),
  logged_at timestamptz not null,
  execution_id uuid not null,
  task_run_id bigint,
  attempt_id bigint,
  level reprise.log_level not null,
  message text not null,
  constraint logs_pkey primary key (logged_at, id)
) partition by range (logged_at);
create table reprise.logs_default partition of reprise.logs default;
create index logs_execution_id_idx on reprise.logs (execution_id, id);
create index logs_attempt_id_idx on reprise.logs (attempt_id, id);
comment on table reprise.logs is 'What tasks and the engine said, a line each.';
comment on column reprise.logs.id is 'Lines in the order they were taken.';
comment on column reprise.logs.logged_at is 'When it was said, by the worker''s clock.';
comment on column reprise.logs.execution_id is 'The execution that said it.';
comment on column reprise.logs.task_run_id is 'The task run that said it.';
comment on column reprise.logs.attempt_id is 'The attempt that said it; carried attempts bring their lines along.';
comment on column reprise.logs.level is 'How grave it is.';
comment on column reprise.logs.message is 'The text, without colours.';
