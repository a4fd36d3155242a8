create or replace function reprise_engine.seen_outputs(task_run reprise.task_runs)
returns json
language sql stable
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
  select coalesce(
    reprise_engine.shown_outputs(task_run.id, task_run.state, a.outputs),
    case when task_run.state in ('SUCCESS', 'WARNING', 'FAILED', 'KILLED', 'CANCELLED') then json '{}' end
  )
  from (select) as one
  left join lateral (
    select a.outputs
    from reprise.attempts as a
    where a.id = coalesce(
      task_run.carried_attempt_id,
      (select own.id from reprise.attempts as own where own.task_run_id = task_run.id and own.number = task_run.attempt_number)
    )
    offset 0
  ) as a on true;
$$;

comment on function reprise_engine.seen_outputs is
  'The outputs of a task run that templates see: of one that has run to an end at least an empty map, null where they see none.';
