-- The check on the label that 020 has added.

alter table reprise.task_runs
  drop constraint task_runs_ended_at_check,
  add constraint task_runs_ended_at_check check (
    (ended_at is not null) = (state in ('SUCCESS', 'WARNING', 'FAILED', 'KILLED', 'CANCELLED', 'RETRIED', 'SKIPPED'))
  );
