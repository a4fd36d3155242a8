-- What somebody has answered a Pause who renders no templates, as in psql: a worker finds out what these make of it, and then the Pause goes on.

alter table reprise.pauses
  add column answer json,
  add column answered_by text,
  add constraint pauses_answered_by_check check ((answer is null) = (answered_by is null));
create index pauses_answered_idx on reprise.pauses (task_run_id) where answer is not null;
comment on column reprise.pauses.answer is 'What it was given, until a worker has rendered what depends on that.';
comment on column reprise.pauses.answered_by is 'Who gave it.';
