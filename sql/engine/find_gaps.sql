create or replace function reprise_engine.find_gaps(nodes reprise.replay_node[])
returns integer[]
language sql stable
set search_path = ''
set plan_cache_mode = force_generic_plan
as $$
  with stopped as materialized (
    select n.task_key, n.around, n.task_run_id
    from unnest(find_gaps.nodes) with ordinality as n
    where n.state in ('FAILED', 'KILLED') and not coalesce(n.in_handler, false) and coalesce(n.branch, '') <> 'onPause'
      -- What is given outputs is as good as done.
      and (n.task_key is null or n.is_overridden)
  ), gone as materialized (
    -- The list that it stood in is one of the original's, and its block may be gone as well.
    select r.parent_id
    from stopped as s
    cross join lateral (select r.parent_id, r.task_key from reprise.task_runs as r where r.id = s.task_run_id offset 0) as r
    cross join lateral (select t.is_handler, t.branch from reprise.tasks as t where t.key = r.task_key offset 0) as t
    where s.task_key is null and not t.is_handler and t.branch <> 'onPause'
  ), left_open as materialized (
    select coalesce(s.around, 0) as place from stopped as s where s.task_key is not null
    union
    select 0 from gone as g where g.parent_id is null
    union
    select n.ordinality::integer
    from unnest(find_gaps.nodes) with ordinality as n
    where n.task_run_id = any (array(select g.parent_id from gone as g)) and n.task_key is not null and not n.in_handler
  )
  -- A WorkingDirectory does not go on: its files are gone.
  select coalesce(array_agg(l.place order by l.place), '{}')
  from left_open as l
  where l.place = 0 or (find_gaps.nodes)[l.place].kind <> 'WORKING_DIRECTORY';
$$;

comment on function reprise_engine.find_gaps is
  'The places of the blocks, and 0 for the flow, whose lists were stopped by what stops them no more: it failed or was killed, and the target '
  'revision does not run it, or its outputs are given. They go on behind the gap.';
