create or replace function reprise_engine.lay_lists(
  execution_id uuid,
  namespace text,
  flow_id text,
  original_revision integer,
  target_revision integer,
  from_key integer
)
returns table (
  block_key integer,
  is_handler boolean,
  is_wide boolean,
  in_handler boolean,
  iteration integer,
  iteration_path text[],
  lane integer,
  lead integer[],
  around integer[],
  is_unvalued boolean
)
language sql stable
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_nestloop = off -- everything here is a set, and a wrong guess at its size would make it a square
as $$
  with recursive block as materialized (
    select t.key, t.id, t.kind, t.parent_key, t.is_handler, t.revision, reprise_engine.is_wide(t.kind, t.type) as is_wide,
      t.type like '%.flow.Loop' as is_laned
    from reprise.tasks as t
    where t.namespace = lay_lists.namespace and t.flow_id = lay_lists.flow_id
      and t.revision in (lay_lists.original_revision, lay_lists.target_revision)
      and reprise_engine.is_block(t.kind) and not t.is_disabled and t.key >= coalesce(lay_lists.from_key, 0)
  ), loop as materialized (
    select b.id, r.iteration_path, coalesce(r.carried_attempt_id, own.id) as attempt_id, r.state in ('SUCCESS', 'WARNING', 'SKIPPED') as has_ended
    from reprise.task_runs as r
    join block as b on b.key = r.task_key
    cross join lateral (select max(a.id) as id from reprise.attempts as a where a.task_run_id = r.id and a.number = r.attempt_number) as own
    where r.execution_id = lay_lists.execution_id
      and r.task_key = any (array(select b.key from block as b where b.kind = 'FOR_EACH' and b.revision = lay_lists.original_revision))
  ), found as materialized (
    select l.id, l.iteration_path, i.number, i.value
    from reprise.iterations as i
    join loop as l on l.attempt_id = i.attempt_id
    where i.attempt_id = any (array(select l.attempt_id from loop as l))
  ), known as materialized (
    select f.id, f.iteration_path from found as f
    union
    select l.id, l.iteration_path from loop as l where l.has_ended
  ), gone_through as materialized (
    select f.* from found as f
    union all
    -- A loop that has found no values, since it is new or was stopped before, has those of what has run that stands in it now.
    select v.*
    from reprise_engine.find_values_run(
      lay_lists.execution_id, lay_lists.namespace, lay_lists.flow_id, lay_lists.original_revision, lay_lists.target_revision,
      array(
        select b.key
        from block as b
        left join loop as l on l.id = b.id
        left join known as k on k.id = l.id and k.iteration_path is not distinct from l.iteration_path
        where b.kind = 'FOR_EACH' and b.revision = lay_lists.target_revision and k.id is null
      )
    ) as v
    where not exists (select from known as k where k.id = v.id and coalesce(k.iteration_path, '{}') = coalesce(v.iteration_path, '{}'))
  ), looped as materialized (
    select g.* from gone_through as g
    union all
    -- Values that the target revision adds, where it writes them down: they come behind the others, whatever their place will be.
    select l.id, l.iteration_path, reprise_engine.first_added() + v.place, v.value
    from (select distinct g.id, g.iteration_path from gone_through as g) as l
    join block as b on b.id = l.id and b.kind = 'FOR_EACH' and b.revision = lay_lists.target_revision
    cross join lateral (select t.definition from reprise.tasks as t where t.key = b.key offset 0) as t
    cross join lateral (
      select w.value, (w.place - 1)::integer as place from unnest(reprise_engine.written_values(t.definition)) with ordinality as w (value, place)
    ) as v
    where (
        lay_lists.target_revision <> lay_lists.original_revision
        -- What a replay carries may be of another revision.
        or exists (select from reprise.executions as e where e.id = lay_lists.execution_id and e.original_id is not null)
      )
      and not exists (
        select from gone_through as g
        where g.id = l.id and coalesce(g.iteration_path, '{}') = coalesce(l.iteration_path, '{}') and g.value = v.value
      )
  ), list as (
    -- From the top down; lead is what comes before the key of what is in the list: the keys and iterations of the loops around it.
    select 0 as block_key, h.is_handler, false as is_wide, h.is_handler as in_handler, null::integer as iteration, null::text[] as iteration_path,
      null::integer as lane, '{}'::integer[] as lead, null::integer[] as around, false as is_unvalued
    from (values (false), (true)) as h (is_handler)
    union all
    select
      b.key, h.is_handler, b.is_wide and not h.is_handler, l.in_handler or h.is_handler, i.number,
      case when i.number is null then l.iteration_path else l.iteration_path || i.value end,
      case when b.is_laned then coalesce(i.number, -1) end,
      case when i.number is null then l.lead else l.lead || b.key || i.number end, l.lead || b.key,
      l.is_unvalued or b.kind = 'FOR_EACH' and i.number is null and (b.is_laned or not h.is_handler)
    from list as l
    join block as b on coalesce(b.parent_key, 0) = l.block_key and b.is_handler = l.is_handler and b.revision = lay_lists.target_revision
    cross join (values (false), (true)) as h (is_handler)
    left join looped as i
      on i.id = b.id and coalesce(i.iteration_path, '{}') = coalesce(l.iteration_path, '{}') and b.kind = 'FOR_EACH' and (b.is_laned or not h.is_handler)
  )
  select * from list;
$$;

comment on function reprise_engine.lay_lists is
  'The lists of tasks that an execution has on a revision, as a tree: for the flow (whose block_key is 0) and each block one of its tasks and '
  'one of its handlers, for a loop one for each iteration that the execution has begun to go through, and for each value that the revision writes down anew. In a Loop handlers are an iteration''s too: '
  'lane says which, and is -1 where there is none yet. is_unvalued: it stands in a loop of which no iteration is known. from_key: leaves out blocks before this task.';
