create or replace function reprise_engine.find_values_run(
  execution_id uuid,
  namespace text,
  flow_id text,
  original_revision integer,
  target_revision integer,
  loop_keys integer[]
)
returns table (
  id text,
  iteration_path text[],
  number integer,
  value text
)
language sql stable
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_nestloop = off -- everything here is a set, and a wrong guess at its size would make it a square
as $$
  with recursive task as materialized (
    select t.key, t.id, t.kind, t.parent_key, t.is_handler, t.type like '%.flow.Loop' as is_laned
    from reprise.tasks as t
    where t.namespace = find_values_run.namespace and t.flow_id = find_values_run.flow_id and t.revision = find_values_run.target_revision
      and not t.is_disabled and find_values_run.loop_keys <> '{}'
  ), placed (key, id, kind, is_laned, loops) as (
    -- Every task with the loops around it, the outermost first: as many as its task runs have values.
    select t.key, t.id, t.kind, t.is_laned, '{}'::integer[] from task as t where t.parent_key is null
    union all
    select t.key, t.id, t.kind, t.is_laned, case when p.kind = 'FOR_EACH' and (p.is_laned or not t.is_handler) then p.loops || p.key else p.loops end
    from placed as p
    join task as t on t.parent_key = p.key
  ), inside as materialized (
    select p.id, p.loops from placed as p where p.loops && find_values_run.loop_keys
  ), ran as materialized (
    select r.id, i.loops, r.iteration_path
    from (
      select r.id, r.task_key, r.iteration_path
      from reprise.task_runs as r
      where r.execution_id = find_values_run.execution_id
        and r.task_key = any (array(
          select t.key
          from reprise.tasks as t
          where t.namespace = find_values_run.namespace and t.flow_id = find_values_run.flow_id and t.revision = find_values_run.original_revision
            and t.id = any (array(select i.id from inside as i))
        ))
      offset 0
    ) as r
    cross join lateral (select t.id from reprise.tasks as t where t.key = r.task_key offset 0) as t
    join inside as i on i.id = t.id and cardinality(i.loops) = cardinality(r.iteration_path)
  )
  select
    loop.id, nullif(v.iteration_path, '{}'), (row_number() over (partition by loop.id, v.iteration_path order by v.first))::integer - 1, v.value
  from (
    select ran.loops[d.depth] as key, ran.iteration_path[:d.depth - 1] as iteration_path, ran.iteration_path[d.depth] as value, min(ran.id) as first
    from ran
    cross join lateral generate_subscripts(ran.loops, 1) as d (depth)
    group by 1, 2, 3
  ) as v
  join task as loop on loop.key = v.key
  where v.key = any (find_values_run.loop_keys);
$$;

comment on function reprise_engine.find_values_run is
  'The values for which tasks have run in an execution that stand in these loops on the target revision: what a loop that has found none itself can be expected to go through.';
