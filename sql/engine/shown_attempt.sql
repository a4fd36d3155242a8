create or replace function reprise_engine.shown_attempt(task_run_id bigint, attempt_number integer, carried_attempt_id bigint)
returns setof reprise.attempts
language sql stable -- and without settings, so that it is inlined where it is called
as $$
  select a.*
  from reprise.attempts as a
  where a.id = coalesce(
    shown_attempt.carried_attempt_id,
    (select own.id from reprise.attempts as own where own.task_run_id = shown_attempt.task_run_id and own.number = shown_attempt.attempt_number)
  )
  offset 0;
$$;

comment on function reprise_engine.shown_attempt is
  'The attempt that a task run shows: the one that it carries, else its own last. For a lateral join, which looks it up row by row.';
