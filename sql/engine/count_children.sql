create or replace function reprise_engine.count_children(children reprise.taken_child[])
returns table (
  task_run_id bigint,
  batches integer,
  iterations jsonb,
  goes_on boolean,
  worst text
)
language sql stable
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_nestloop = off -- everything here is a set, and a wrong guess at its size would make it a square
as $$
  with counting as materialized (
    -- One whose outputs cannot be rendered counts as failed.
    select
      c.task_run_id, c.counts, c.known_state, case when c.extract -> 'fault' is not null then 'FAILED' else c.child_state::text end as counted_state
    from unnest(count_children.children) as c
    where c.counts is not null
  ), moved as (
    -- One more of how each has ended, one less of what was known of it before.
    select first.task_run_id, was.key as state, was.value::integer as change
    from (select distinct on (c.task_run_id) c.task_run_id, c.counts from counting as c order by c.task_run_id) as first
    cross join lateral json_each_text(first.counts -> 'iterations') as was
    union all
    select c.task_run_id, c.counted_state, 1 from counting as c
    union all
    select c.task_run_id, coalesce(c.known_state::text, 'RUNNING'), -1 from counting as c
  )
  select
    n.task_run_id, sum(n.count)::integer,
    jsonb_object_agg(n.state, n.count) filter (where n.count > 0 or n.state in ('CREATED', 'RUNNING')),
    coalesce(bool_or(n.count > 0) filter (where n.state in ('CREATED', 'RUNNING')), false),
    (array_agg(n.state order by array_position('{FAILED,KILLED,WARNING}'::text[], n.state)) filter (where n.count > 0))[1]
  from (
    select m.task_run_id, m.state, sum(m.change)::integer as count from moved as m group by m.task_run_id, m.state
  ) as n
  group by n.task_run_id;
$$;

comment on function reprise_engine.count_children is
  'How many of the children of each ForEachItem stand in which state, these included: how many there are, whether any goes on, and the worst that one of them has '
  'come to.';
