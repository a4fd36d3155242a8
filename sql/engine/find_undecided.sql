create or replace function reprise_engine.find_undecided(nodes reprise.replay_node[])
returns integer[]
language sql stable
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_nestloop = off -- everything here is a set, and a wrong guess at its size would make it a square
as $$
  select coalesce(array_agg(n.ordinality::integer), '{}')
  from unnest(find_undecided.nodes) with ordinality as n
  where n.task_key is not null and n.task_run_id is not null and n.decision is null and reprise_engine.is_block(n.kind)
    and n.state not in ('SUCCESS', 'WARNING', 'SKIPPED');
$$;

comment on function reprise_engine.find_undecided is
  'The places of blocks that failed or were stopped before they had found out what to run: they have nothing to go on with.';
