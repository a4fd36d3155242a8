-- A task run still names a child that was purged: whoever asks for what that gave learns which batch is missing, and whose it was.

alter table reprise.subflows drop constraint subflows_execution_id_fkey;
comment on column reprise.subflows.execution_id is 'The child; it may have been purged.';
comment on column reprise.subflows.child_attempt_number is
  'The attempt of the child that is waited for: a child that has not come so far is to be restarted once it has ended. 0 where a restart gives it up, since '
  'the task runs again though it had not failed.';
