create or replace function reprise_engine.find_wraps(nodes reprise.replay_node[])
returns integer[]
language sql stable
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_nestloop = off -- everything here is a set, and a wrong guess at its size would make it a square
as $$
  with recursive placed as materialized (
    select n.ordinality::integer as place, n.around, n.task_run_id, n.task_key, n.kind, n.is_conditional, n.in_handler, n.iteration
    from unnest(find_wraps.nodes) with ordinality as n
  ), fresh as materialized (
    -- What decides anything does that when it runs, but for a loop: of that the values tell what belongs to it.
    select p.place, p.around, p.kind
    from placed as p
    where p.task_run_id is null and p.task_key is not null and not p.is_conditional and not p.in_handler
      and (reprise_engine.needs_no_worker(p.kind) and p.kind <> 'FOR_EACH_ITEM' or p.kind = 'FOR_EACH')
  ), wraps (place) as (
    select f.place
    from placed as p
    join fresh as f on f.place = p.around
    where p.task_run_id is not null and (f.kind <> 'FOR_EACH' or p.iteration is not null)
    union
    select f.place
    from wraps as w
    join placed as p on p.place = w.place
    join fresh as f on f.place = p.around
    where f.kind <> 'FOR_EACH' or p.iteration is not null
  )
  select coalesce(array_agg(w.place), '{}') from wraps as w;
$$;

comment on function reprise_engine.find_wraps is
  'The places of blocks that the target revision of a replay has put around tasks that have run: they need nothing but what is in them, or a loop its values, and go on with that.';
