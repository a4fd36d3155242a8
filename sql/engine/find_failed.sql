create or replace function reprise_engine.find_failed(nodes reprise.replay_node[], gaps integer[])
returns integer[]
language sql stable
set search_path = ''
as $$
  with failed as materialized (
    select n.ordinality::integer as place, n.kind, n.decision, n.state
    from unnest(find_failed.nodes) with ordinality as n
    where n.task_key is not null and n.state in ('FAILED', 'KILLED') and not n.is_overridden and not n.in_handler and n.branch <> 'onPause'
  ), around as materialized (
    select find_failed.gaps || reprise_engine.find_around(find_failed.nodes, find_failed.gaps || array(select f.place from failed as f)) as places
  )
  -- A block fails by what is in it, unless it could not find out what to run. One that was killed between two of its tasks goes on.
  select coalesce(array_agg(f.place order by f.place), '{}')
  from failed as f
  cross join around as a
  where f.place <> all (a.places)
    and (not reprise_engine.is_block(f.kind) or f.decision is null or not reprise_engine.needs_no_worker(f.kind))
    and (f.state <> 'KILLED' or f.kind not in ('IF', 'SWITCH', 'FOR_EACH') or f.place = any (reprise_engine.find_undecided(find_failed.nodes)));
$$;

comment on function reprise_engine.find_failed is
  'The places of what failed or was killed by itself: tasks, and blocks that could not find out what to run. What goes on behind a gap has not.';
