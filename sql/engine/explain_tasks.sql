create or replace function reprise_engine.explain_tasks(tasks reprise.replay_plan_task[])
returns reprise.replay_plan_task[]
language sql stable
set search_path = ''
set enable_nestloop = off -- everything here is a set, and a wrong guess at its size would make it a square
as $$
  with recursive planned as materialized (
    select t.* from unnest(explain_tasks.tasks) with ordinality as t
  ), directories as materialized (
    select k.key
    from reprise.tasks as k
    where k.key = any (array(select p.task_key from planned as p where p.reason = 'anchor')) and k.kind = 'WORKING_DIRECTORY'
  ), steps as materialized (
    -- What renders the outputs of iterations is no task of the flow, and is shown nowhere.
    select k.key
    from reprise.tasks as k
    where k.key = any (array(select distinct p.task_key from planned as p)) and k.kind = 'LOOP_OUTPUTS'
  ), changed_steps as (
    -- What the outputs of a Loop read, it reads.
    select p.around, array_agg(distinct c.key) as keys
    from planned as p
    cross join lateral unnest(p.changed_keys) as c (key)
    where p.disposition = 'CARRIED_CHANGED' and p.task_key in (select s.key from steps as s)
    group by p.around
  ), hidden (ordinality) as (
    -- A loop that is carried has no iterations that it had not.
    select p.ordinality
    from planned as p
    where p.iteration >= reprise_engine.first_added() and p.disposition = 'NOT_REACHED' and p.reason = 'not_chosen'
      -- Nor is anything dropped that has not run.
      or p.disposition = 'REMOVED' and p.task_run_id is null
    union
    select p.ordinality from hidden as h join planned as p on p.around = h.ordinality
  ), removed_steps as (
    select p.ordinality
    from planned as p
    join reprise.task_runs as r on r.id = p.task_run_id
    join reprise.tasks as k on k.key = r.task_key and k.kind = 'LOOP_OUTPUTS'
    where p.task_key is null
  ), numbered as materialized (
    -- Where a loop goes through values that are written down, its iterations have the numbers of these, which may be others than they were.
    select l.ordinality as around, w.value, (w.place - 1)::integer as number
    from planned as l
    join (
      select k.key, reprise_engine.written_values(k.definition) as written
      from reprise.tasks as k
      where k.kind = 'FOR_EACH'
        and k.key = any (array(select p.task_key from planned as p where p.reason = 'rewritten' or p.disposition in ('RERUN', 'NEW', 'UNKNOWN')))
    ) as k on k.key = l.task_key
    cross join lateral unnest(k.written) with ordinality as w (value, place)
    where l.reason = 'rewritten' or l.disposition in ('RERUN', 'NEW', 'UNKNOWN')
  ), placed (ordinality, place, lead) as (
    -- So they will stand in these numbers, and what is dropped behind them. Elsewhere they do already.
    select p.ordinality, array[p.ordinality], '{}'::bigint[] from planned as p where p.around is null and exists (select from numbered)
    union all
    select p.ordinality, inside.lead || p.ordinality, inside.lead
    from placed as b
    join planned as p on p.around = b.ordinality
    left join numbered as m on m.around = p.around and p.iteration is not null and m.value = p.iteration_path[cardinality(p.iteration_path)]
    cross join lateral (
      select case
        when b.ordinality not in (select n.around from numbered as n) then b.lead
        else b.place || coalesce(m.number, case when p.iteration is null then 2147483647 else 2147483646 end)::bigint
      end as lead
    ) as inside
  ), shown as materialized (
    select
      p.task_id, p.iteration_path, case when c.keys is null then p.disposition else 'CARRIED_CHANGED' end as disposition,
      case when c.keys is null then p.reason else 'changed' end as reason, p.because_of, p.state, p.task_key, p.task_run_id, p.attempt_id,
      p.attempt_number, p.execution_id, p.duration_ms, p.is_overridden,
      coalesce(m.number, case when p.iteration >= reprise_engine.first_added() then p.iteration - reprise_engine.first_added() else p.iteration end) as iteration,
      p.around, p.ordinality,
      case when c.keys is null then p.changed_keys else array(select k from unnest(p.changed_keys || c.keys) as k group by k order by k) end as changed_keys,
      (row_number() over (order by s.place, p.ordinality))::integer as place
    from planned as p
    left join placed as s on s.ordinality = p.ordinality
    left join numbered as m on m.around = p.around and p.iteration is not null and m.value = p.iteration_path[cardinality(p.iteration_path)]
    left join changed_steps as c on c.around = p.ordinality and p.disposition in ('CARRIED', 'CARRIED_CHANGED') and not p.is_overridden
    where p.ordinality not in (select h.ordinality from hidden as h) and p.ordinality not in (select s.ordinality from removed_steps as s) and coalesce(p.task_key not in (select s.key from steps as s), true)
  )
  select coalesce(array_agg(row(
    t.task_id, t.iteration_path, t.disposition, t.reason, t.because_of,
    reprise_engine.explain_disposition(
      case when t.reason = 'anchor' and t.task_key in (select d.key from directories as d) then 'directory' else t.reason end, t.because_of, t.changed_keys,
      coalesce(t.attempt_number > 1, t.task_run_id is not null), t.disposition
    ),
    t.state, t.task_key, t.task_run_id, t.attempt_id, t.attempt_number, t.execution_id, t.duration_ms, t.changed_keys, t.is_overridden, t.iteration,
    block.place
  )::reprise.replay_plan_task order by t.place), '{}')
  from shown as t
  left join shown as block on block.ordinality = t.around;
$$;

comment on function reprise_engine.explain_tasks is
  'Planned tasks as people see them: with the sentences, and without the steps that are no tasks of the flow.';
