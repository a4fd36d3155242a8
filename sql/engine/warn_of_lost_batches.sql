create or replace function reprise_engine.warn_of_lost_batches(tasks reprise.replay_plan_task[])
returns reprise.replay_problem[]
language sql stable
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
  -- What gathers stands right behind what has started the executions.
  with planned as (
    select
      t.ordinality as place, t.task_id, t.task_key, t.attempt_id, t.around, t.disposition, t.is_overridden,
      lead(t.task_id) over line as next_id, lead(t.around) over line as next_around, lead(t.disposition) over line as next_disposition
    from unnest(warn_of_lost_batches.tasks) with ordinality as t
    window line as (order by t.ordinality)
  ), gathered as materialized (
    select
      p.place, p.task_id, p.next_id, a.task_run_id, a.number, (a.outputs ->> 'numberOfBatches')::integer as batches,
      k.definition ->> 'namespace' as namespace, k.definition ->> 'flowId' as flow_id
    from planned as p
    cross join lateral (select k.definition from reprise.tasks as k where k.key = p.task_key and k.kind = 'SUBFLOW' offset 0) as k
    cross join lateral (
      select a.task_run_id, a.number, a.outputs from reprise.attempts as a where a.id = p.attempt_id and a.overridden_by is null offset 0
    ) as a
    where p.disposition in ('CARRIED', 'CARRIED_CHANGED') and p.is_overridden is not true
      and p.next_around = p.around and p.next_disposition in ('RERUN', 'NEW')
  )
  select coalesce(
    array_agg(
      row(
        'batches_purged',
        format(
          '`%s` would fail: what %s gave (of %s, counted from 0) is gone, since %s purged. Start at `%s`, which starts an execution for each batch anew.',
          g.next_id,
          case lost.count
            when 1 then 'batch ' || lost.first[1]
            else 'batches ' || array_to_string(lost.first[:lost.count - 1], ', ') || ' and '
              || case when lost.count > cardinality(lost.first) then (lost.count - cardinality(lost.first)) || ' more' else lost.first[lost.count]::text end
          end,
          g.batches, case lost.count when 1 then 'its execution was' else 'their executions were' end, g.task_id
        ),
        g.next_id, false
      )::reprise.replay_problem
      order by g.place
    ),
    '{}'
  )
  from gathered as g
  cross join lateral (
    -- The first five by name tell where to look.
    select count(*)::integer as count, (array_agg(b.batch order by b.batch))[:5] as first
    from generate_series(0, g.batches - 1) as b (batch)
    where not exists (
      select
      from (
        select s.execution_id
        from reprise.subflows as s
        where s.task_run_id = g.task_run_id and s.attempt_number = g.number and s.iteration = b.batch
        offset 0
      ) as s
      cross join lateral (select from reprise.executions as c where c.id = s.execution_id and c.purged_at is null offset 0) as c
    )
  ) as lost
  where lost.count > 0 and not reprise_engine.gave_nothing(g.task_run_id, g.number, g.namespace, g.flow_id);
$$;

comment on function reprise_engine.warn_of_lost_batches is
  'That what gathers the outputs of a ForEachItem would fail in a replay, since executions whose outputs it is to read were purged.';
