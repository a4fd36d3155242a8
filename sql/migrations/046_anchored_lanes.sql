-- An anchor may stand where nothing has run: its lane begins all the same.
alter table reprise.replayed_task_runs alter column original_id drop not null;
comment on column reprise.replayed_task_runs.original_id is
  'The task run of the original; empty for where a replay starts, or what is around that, if the original had not come to it.';
