create or replace function reprise_engine.find_begun_lanes(block_id bigint, width integer, attempt_id bigint)
returns integer[]
language sql stable
set search_path = ''
as $$
  select coalesce(array_agg(distinct lane.number order by lane.number), '{}')
  from (
    select r.iteration_path, r.task_key
    from reprise.task_runs as r
    where r.parent_id = find_begun_lanes.block_id
    union all
    select p.iteration_path, p.task_key
    from reprise.task_runs as block
    join reprise.tasks as t on t.parent_key = block.task_key
    join reprise.replayed_task_runs as p
      on p.execution_id = block.execution_id and p.task_key = t.key
      and (coalesce(p.iteration_path, '{}'))[:coalesce(cardinality(block.iteration_path), 0)] = coalesce(block.iteration_path, '{}')
    where block.id = find_begun_lanes.block_id
  ) as begun
  join reprise.tasks as t on t.key = begun.task_key and not t.is_handler and t.lane is not null
  left join reprise.iterations as i
    on i.attempt_id = find_begun_lanes.attempt_id and i.value = begun.iteration_path[cardinality(begun.iteration_path)]
  cross join lateral (
    select case
      when i.number is null then t.lane
      else i.number * find_begun_lanes.width + case when find_begun_lanes.width > 1 then t.lane else 0 end
    end as number
  ) as lane;
$$;

comment on function reprise_engine.find_begun_lanes is
  'The lanes of a block, by number, that had begun in the original of a replay that opens it again: those that have something carried, and '
  'those that run again. attempt_id is where the values of a loop stand; empty for other blocks.';
