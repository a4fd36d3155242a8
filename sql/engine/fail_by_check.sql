create or replace function reprise_engine.fail_by_check(tasks reprise.replay_plan_task[])
returns reprise.replay_plan_task[]
language sql stable
set search_path = ''
set plan_cache_mode = force_generic_plan
as $$
  with recursive planned as materialized (
    select t.*, t.ordinality::integer as place from unnest(fail_by_check.tasks) with ordinality as t
  ), after (place) as (
    select p.place
    from planned as p
    where p.around is null and (select k.is_after from reprise.tasks as k where k.key = p.task_key)
    union all
    select p.place from after as a join planned as p on p.around = a.place
  )
  select coalesce(array_agg(
    row(
      p.task_id, p.iteration_path,
      case when said.is_lost then 'NOT_REACHED' else p.disposition end,
      case when said.is_lost then 'check_failed' else p.reason end,
      case when not said.is_lost then p.because_of end,
      p.explanation, p.state, p.task_key, p.task_run_id, p.attempt_id, p.attempt_number, p.execution_id, p.duration_ms, p.changed_keys,
      p.is_overridden, p.iteration, p.around
    )::reprise.replay_plan_task
    order by p.place
  ), '{}')
  from planned as p
  cross join lateral (
    -- What goes on is carried as it is, for whoever restarts the replay; so is what may be dropped again.
    select p.disposition in ('RERUN', 'NEW', 'UNKNOWN') and p.reason not in ('kept', 'until') and p.place not in (select a.place from after as a) as is_lost
  ) as said;
$$;

comment on function reprise_engine.fail_by_check is
  'A plan whose replay a check of the flow fails as it is created: only what runs after the execution does.';
