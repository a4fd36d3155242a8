create or replace function reprise_engine.find_failed(nodes reprise.replay_node[])
returns integer[]
language sql stable
set search_path = ''
as $$
  with recursive failed as materialized (
    select n.ordinality as place, n.around, n.kind, n.attempt_id, n.decision
    from unnest(find_failed.nodes) with ordinality as n
    where n.task_key is not null and n.state in ('FAILED', 'KILLED') and not n.is_overridden and not n.in_handler
  ), around as (
    select f.around as place from failed as f where f.around is not null
    union
    select (find_failed.nodes)[a.place].around from around as a where (find_failed.nodes)[a.place].around is not null
  )
  -- A block fails by what is in it, unless it could not find out what to run.
  select coalesce(array_agg(f.place::integer order by f.place), '{}')
  from failed as f
  where f.place not in (select a.place from around as a)
    and (f.kind = 'RUNNABLE' or f.decision is null or f.kind not in ('SEQUENTIAL', 'PARALLEL', 'DAG', 'ALLOW_FAILURE'));
$$;

comment on function reprise_engine.find_failed is
  'The places of what failed or was killed by itself: tasks, and blocks that could not find out what to run.';
