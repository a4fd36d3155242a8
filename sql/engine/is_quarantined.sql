create or replace function reprise_engine.is_quarantined(task_run_id bigint, last_number integer)
returns boolean
language sql stable
set search_path = ''
as $$
  -- The one that is being lost now makes three. Workers that went by themselves say nothing about the task, and a restart counts anew.
  select count(*) = 2
  from reprise.attempts as a
  where a.task_run_id = is_quarantined.task_run_id and a.state = 'RESUBMITTED' and a.error ->> 'reason' = 'worker_lost'
    and a.number in (is_quarantined.last_number - 1, is_quarantined.last_number - 2);
$$;

comment on function reprise_engine.is_quarantined is
  'Whether a task run whose attempt has just been lost lost the two before it as well: then it is not run again.';
