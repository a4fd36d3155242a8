-- Executions that an Exit ends go on with what runs in them, and with nothing else; and what has ended an execution is known when it is replayed.

alter table reprise.executions
  add column is_ending boolean not null default false,
  add column exited_by bigint,
  add constraint executions_is_ending_check check (not is_ending or ended_at is null);
comment on column reprise.executions.is_ending is
  'Whether it ends in its verdict as soon as nothing runs in it any more: an Exit has said so, or a replay carries its end.';
comment on column reprise.executions.exited_by is
  'The task run that ended it before its time: an Exit, or a Pause that was cancelled. Nobody looks for it by that.';
