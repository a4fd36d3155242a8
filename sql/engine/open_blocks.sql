create or replace function reprise_engine.open_blocks(
  task_run_ids bigint[],
  out openings reprise.opening[],
  out ended bigint[]
)
language plpgsql volatile
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
declare
  v_opened record;
begin
  with opened as materialized (
    select given.id, t.key, t.kind, t.type, t.definition, a.id as attempt_id, a.outputs
    from unnest(open_blocks.task_run_ids) as given (id)
    cross join lateral (
      select r.task_key, r.attempt_number, r.carried_attempt_id from reprise.task_runs as r where r.id = given.id offset 0
    ) as r
    cross join lateral (select t.key, t.kind, t.type, t.definition from reprise.tasks as t where t.key = r.task_key offset 0) as t
    left join lateral (
      select a.id, a.outputs
      from reprise.attempts as a
      where r.carried_attempt_id is null and a.task_run_id = given.id and a.number = r.attempt_number
      union all
      select a.id, a.outputs from reprise.attempts as a where a.id = r.carried_attempt_id
      offset 0
    ) as a on true
  ), chosen as materialized (
    select
      o.id, o.key, o.kind,
      o.kind in ('PARALLEL', 'DAG') or o.type like '%.EachParallel' as is_wide,
      case o.kind
        when 'IF' then case when (o.outputs ->> 'evaluationResult')::boolean then 'then' else 'else' end
        when 'SWITCH' then case when (o.outputs ->> 'defaults')::boolean then 'defaults' else 'cases.' || (o.outputs ->> 'value') end
        else 'tasks'
      end as branch,
      case
        when o.kind in ('PARALLEL', 'DAG') then nullif((o.definition ->> 'concurrent')::integer, 0)
        when o.kind = 'FOR_EACH' then (o.outputs ->> 'concurrent')::integer
      end as concurrent,
      case when o.kind = 'FOR_EACH' then o.outputs -> 'values' end as values
    from opened as o
  ), counted as (
    select
      c.id, c.branch, c.concurrent,
      case when c.is_wide then tasks.count else least(tasks.count, 1) end as width,
      coalesce(jsonb_array_length(c.values), 1) as iterations
    from chosen as c
    cross join lateral (
      select count(*)::integer as count
      from reprise.tasks as t
      where t.parent_key = c.key and t.branch = c.branch and t.lane is not null
      offset 0
    ) as tasks
  ), looped as (
    insert into reprise.iterations (task_run_id, number, value)
    select c.id, v.place - 1, v.value
    from chosen as c
    cross join lateral jsonb_array_elements_text(c.values) with ordinality as v (value, place)
  ), taken as (
    -- The values are not outputs: nobody reads them from there.
    update reprise.attempts as a
    set outputs = null
    where a.id = any (array(select o.attempt_id from opened as o where o.kind = 'FOR_EACH'))
  ), made as (
    insert into reprise.blocks (task_run_id, branch, lanes, width, concurrent)
    select c.id, c.branch, c.width * c.iterations, greatest(c.width, 1), c.concurrent
    from counted as c
    returning task_run_id, lanes
  )
  select
    coalesce(array_agg(m.task_run_id order by m.task_run_id) filter (where m.lanes > 0), '{}') as full,
    coalesce(array_agg(m.task_run_id order by m.task_run_id) filter (where m.lanes = 0), '{}') as empty
  into v_opened
  from made as m;

  openings := '{}';
  ended := '{}';
  if v_opened.full <> '{}' then
    openings := reprise_engine.begin_lanes(v_opened.full);
  end if;
  if v_opened.empty <> '{}' then
    select open_blocks.openings || l.openings, l.ended into openings, ended from reprise_engine.leave_blocks(v_opened.empty) as l;
  end if;
end;
$$;

comment on function reprise_engine.open_blocks is
  'Blocks begin to run the list that they have chosen: its lanes are counted, the values of a loop written down, and as many lanes begun '
  'as may be. A block without anything to run ends at once.';
