create or replace function reprise_engine.warn_of_batches(tasks reprise.replay_plan_task[])
returns reprise.replay_problem[]
language sql stable
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
  select coalesce(
    array_agg(
      row(
        'batches_run_again',
        format(
          '`%s` starts an execution for each batch anew: of the %s that it had started, %s had succeeded. A restart of the original starts only the others again.',
          reprise_engine.name_run(t.task_id, t.iteration_path), had.count, had.succeeded
        ),
        t.task_id, false
      )::reprise.replay_problem
      order by t.ordinality
    ),
    '{}'
  )
  from unnest(warn_of_batches.tasks) with ordinality as t
  cross join lateral (select from reprise.tasks as k where k.key = t.task_key and k.kind = 'SUBFLOW' offset 0) as k
  cross join lateral (
    -- A Subflow counts no batches.
    select a.task_run_id, a.number
    from reprise.attempts as a
    where a.id = t.attempt_id and a.overridden_by is null and a.outputs -> 'numberOfBatches' is not null
    offset 0
  ) as a
  cross join lateral (
    select count(*) as count, count(*) filter (where s.ended_state in ('SUCCESS', 'WARNING') and not s.is_counted_failed) as succeeded
    from reprise.subflows as s
    where s.task_run_id = a.task_run_id and s.attempt_number = a.number
  ) as had
  where t.disposition = 'RERUN' and had.succeeded between 1 and had.count - 1;
$$;

comment on function reprise_engine.warn_of_batches is
  'That a ForEachItem of which some batches failed starts executions anew that had succeeded, and how many.';
