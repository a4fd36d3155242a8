create or replace function reprise_engine.find_ready(block_id bigint, execution_id uuid, block_key integer, iteration_path text[], pending reprise.opening[] default '{}')
returns table (key integer, lane integer)
language sql stable
set search_path = ''
as $$
  with children as materialized (
    select t.key, t.lane, t.depends_on, r.id, r.state
    from reprise.tasks as t
    left join lateral (
      select r.id, r.state from reprise_engine.find_task_run(find_ready.execution_id, t.key, find_ready.iteration_path) as r offset 0
    ) as r on true
    where t.parent_key = find_ready.block_key and t.branch = 'tasks' and t.lane is not null
  ), waiting as (
    select coalesce(array_agg(c.key), '{}') as keys
    from children as c
    where c.id is null or not reprise_engine.is_terminal(c.state::text)
  ), failed as (
    select coalesce(array_agg(c.key) filter (where c.state = 'FAILED'), '{}') as keys
    from children as c
  )
  select c.key, c.lane
  from children as c
  cross join waiting
  cross join failed
  where case
    -- In a Dag that opens again, what had begun before goes on at once, and counts as begun from then on; blocks in it as far as its limit lets them.
    when c.id is not null then not reprise_engine.is_terminal(c.state::text)
      and (
        (select b.begun_lanes from reprise.blocks as b where b.task_run_id = find_ready.block_id) = 0
        or reprise_engine.is_unopened(c.id)
      )
    -- Behind a failure nothing begins, but what a replay runs again.
    else not exists (
        select
        from unnest(find_ready.pending) as p
        where p.execution_id = find_ready.execution_id and p.task_key = c.key and p.iteration_path is not distinct from find_ready.iteration_path
      )
      and not coalesce(c.depends_on, '{}') && waiting.keys and not coalesce(c.depends_on, '{}') && failed.keys
      and (failed.keys = '{}' or exists (
        select from reprise_engine.find_replayed(find_ready.execution_id, c.key, find_ready.iteration_path)
      ))
  end;
$$;

comment on function reprise_engine.find_ready is 'The tasks of a Dag that have not begun, and whose dependencies have all ended. pending: tasks that are about to be opened, and have begun.';
