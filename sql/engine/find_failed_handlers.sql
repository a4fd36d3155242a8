create or replace function reprise_engine.find_failed_handlers(nodes reprise.replay_node[])
returns integer[]
language sql stable
set search_path = ''
as $$
  with failed as materialized (
    select n.ordinality::integer as place
    from unnest(find_failed_handlers.nodes) with ordinality as n
    where n.task_key is not null and n.state in ('FAILED', 'KILLED') and not n.is_overridden and (n.in_handler or n.branch = 'onPause')
  )
  select coalesce(array_agg(f.place order by f.place), '{}')
  from failed as f
  where f.place <> all (reprise_engine.find_around(find_failed_handlers.nodes, array(select x.place from failed as x)));
$$;

comment on function reprise_engine.find_failed_handlers is
  'The places of what failed or was killed in handlers, and of what Pauses run when they begin: these fail nothing else.';
