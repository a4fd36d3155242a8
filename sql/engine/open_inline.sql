create or replace function reprise_engine.open_inline(openings reprise.opening[])
returns bigint[]
language sql volatile
set search_path = ''
as $$
  with opened as (
    insert into reprise.task_runs (
      execution_id, task_key, parent_id, iteration, iteration_path, original_id, attempt_number, state, created_at
    )
    select
      o.execution_id, o.task_key, o.parent_id, o.iteration, o.iteration_path, p.original_id, coalesce(p.attempt_number, 0) + 1, 'RUNNING', now.at
    from unnest(open_inline.openings) as o
    cross join reprise_engine.clock() as now (at)
    left join lateral (
      select p.original_id, p.attempt_number
      from reprise_engine.find_replayed(o.execution_id, o.task_key, o.iteration_path) as p
      offset 0
    ) as p on true
    returning id, execution_id
  ), started as (
    update reprise.executions as e
    set state = 'RUNNING', started_at = coalesce(e.started_at, now.at)
    from reprise_engine.clock() as now (at)
    where e.id = any (array(select o.execution_id from opened as o)) and e.state in ('CREATED', 'RESTARTED')
  )
  select coalesce(array_agg(o.id order by o.id), '{}') from opened as o;
$$;

comment on function reprise_engine.open_inline is
  'Creates the task runs of blocks that begin without a worker, running at once, and returns their ids. They count an attempt like any other, though none is stored.';
