-- What foreign keys do elsewhere, a whole statement at once: see migrations/004_task_runs.sql. No check can come too late: whoever
-- adds a task run holds the lock of its execution, whoever replays holds key locks on the original and on all that it came from, and who
-- deletes task runs, a purge, a restart or a loop that goes on, locks their executions against that, and lets go of what names them.

create or replace trigger _100_refer
  after insert on reprise.task_runs
  referencing new table as new_rows
  for each statement
  execute function reprise_engine.tg_task_runs__refer();

create or replace trigger _100_refer
  after insert on reprise.attempts
  referencing new table as new_rows
  for each statement
  execute function reprise_engine.tg_attempts__refer();

create or replace trigger _100_refer
  after insert on reprise.replayed_task_runs
  referencing new table as new_rows
  for each statement
  execute function reprise_engine.tg_replayed_task_runs__refer();

create or replace trigger _200_cascade
  after delete on reprise.executions
  referencing old table as old_rows
  for each statement
  execute function reprise_engine.tg_executions__cascade();

create or replace trigger _200_cascade
  after delete on reprise.task_runs
  referencing old table as old_rows
  for each statement
  execute function reprise_engine.tg_task_runs__cascade();

create or replace trigger _300_keep_carried
  after delete on reprise.attempts
  referencing old table as old_rows
  for each statement
  execute function reprise_engine.tg_attempts__keep_carried();
