-- What somebody has marked says who did, and keeps when it had ended by itself: its time is not the time until somebody came.

alter table reprise.task_runs
  add column marked_by text,
  add column worked_until timestamptz,
  add constraint task_runs_mark_check check (marked_by is null or ended_at is not null);
comment on column reprise.task_runs.marked_by is 'Who has said that it shall have ended as it has, where somebody has; that was when it ended.';
comment on column reprise.task_runs.worked_until is 'When it had ended by itself, where somebody has marked it since.';
