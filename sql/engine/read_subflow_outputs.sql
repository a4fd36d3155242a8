create or replace function reprise_engine.read_subflow_outputs(task_run_id bigint, behind integer, batch integer default 500)
returns table (iteration integer, outputs json, is_lost boolean, execution_id uuid, batches integer)
language sql stable
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
  -- The task run beside this one, or where a replay carries that, the one that it was made by. Where somebody gave its outputs, there are no children.
  with items as materialized (
    select a.task_run_id, a.number, t.definition, (a.outputs ->> 'numberOfBatches')::integer as batches
    from reprise.task_runs as merging
    join reprise.task_runs as items on items.execution_id = merging.execution_id and items.parent_id = merging.parent_id
    join reprise.tasks as t on t.key = items.task_key and t.kind = 'SUBFLOW'
    join reprise.attempts as a on a.overridden_by is null and a.id = coalesce(
      items.carried_attempt_id,
      (select own.id from reprise.attempts as own where own.task_run_id = items.id and own.number = items.attempt_number)
    )
    where merging.id = read_subflow_outputs.task_run_id
  ), children as (
    select b.iteration, s.execution_id, i.batches, c.id is null and s.outputs is null as is_purged, coalesce(c.outputs, s.outputs) as outputs
    from items as i
    cross join lateral generate_series(
      read_subflow_outputs.behind + 1, least(read_subflow_outputs.behind + read_subflow_outputs.batch, coalesce(i.batches, 0) - 1)
    ) as b (iteration)
    left join lateral (
      select s.execution_id, s.outputs
      from reprise.subflows as s
      where s.task_run_id = i.task_run_id and s.attempt_number = i.number and s.iteration = b.iteration
      offset 0
    ) as s on true
    left join lateral (
      select c.id, c.outputs from reprise.executions as c where c.id = s.execution_id and c.purged_at is null offset 0
    ) as c on true
  )
  select
    c.iteration, c.outputs,
    c.is_purged and not (
      select reprise_engine.gave_nothing(i.task_run_id, i.number, i.definition ->> 'namespace', i.definition ->> 'flowId') from items as i
    ),
    c.execution_id, c.batches
  from children as c
  order by c.iteration;
$$;

comment on function reprise_engine.read_subflow_outputs is
  'What the children of a ForEachItem have given, to the task run that merges that: in the order of the batches, some at a time; is_lost where a child was purged '
  'that may have given something.';
