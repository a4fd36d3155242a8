create or replace function reprise_engine.count_begun_lanes(block_id bigint, width integer)
returns integer
language sql stable
set search_path = ''
as $$
  select count(distinct (begun.iteration, case when count_begun_lanes.width > 1 then begun.task_key end))::integer
  from (
    select r.iteration_path as iteration, r.task_key
    from reprise.task_runs as r
    join reprise.tasks as t on t.key = r.task_key
    where r.parent_id = count_begun_lanes.block_id and not t.is_handler
    union all
    select p.iteration_path, p.task_key
    from reprise.task_runs as block
    join reprise.tasks as t on t.parent_key = block.task_key and not t.is_handler
    join reprise.replayed_task_runs as p
      on p.execution_id = block.execution_id and p.task_key = t.key
      and (coalesce(p.iteration_path, '{}'))[:coalesce(cardinality(block.iteration_path), 0)] = coalesce(block.iteration_path, '{}')
    where block.id = count_begun_lanes.block_id
  ) as begun;
$$;

comment on function reprise_engine.count_begun_lanes is
  'How many lanes of a block that a replay opens again had begun in the original: those that have something carried, and those that run again.';
