-- What a task said outlives its task run: that of an iteration of a LoopUntil goes when the next begins, that of a handler in a restart.

alter table reprise.logs
  add column task_key integer;
comment on column reprise.logs.task_key is 'The task that said it, where its task run is gone.';
