create or replace function reprise_engine.begin_lanes(block_ids bigint[], pending reprise.opening[] default '{}')
returns reprise.opening[]
language plpgsql volatile
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
declare
  v_openings reprise.opening[];
begin
  with room as materialized (
    select
      b.task_run_id as id, b.attempt_id, b.begun_lanes, b.lanes, b.lane_numbers, b.width, b.branch, t.key, t.kind, r.execution_id, r.iteration_path,
      least(coalesce(b.concurrent, b.wave, b.lanes) - b.open_lanes, b.lanes - b.begun_lanes) as free
    from unnest(begin_lanes.block_ids) as given (id)
    cross join lateral (select * from reprise.blocks as b where b.task_run_id = given.id offset 0) as b
    cross join lateral (
      select r.execution_id, r.task_key, r.iteration_path from reprise.task_runs as r where r.id = given.id offset 0
    ) as r
    cross join lateral (select t.key, t.kind from reprise.tasks as t where t.key = r.task_key offset 0) as t
  ), begun as materialized (
    select room.id, lane.opening
    from room
    cross join lateral (
      select
        row(
          room.execution_id, t.key, room.id, i.number, case when i.number is null then room.iteration_path else room.iteration_path || i.value end
        )::reprise.opening as opening,
        n.number as place
      from generate_series(room.begun_lanes, room.begun_lanes + room.free - 1) as place (number)
      cross join lateral (select coalesce(room.lane_numbers[place.number + 1], place.number)) as n (number)
      cross join lateral (
        select t.key
        from reprise.tasks as t
        where t.parent_key = room.key and t.branch = room.branch and t.lane = n.number % room.width
        offset 0
      ) as t
      left join lateral (
        select i.number, i.value
        from reprise.iterations as i
        where i.attempt_id = room.attempt_id and i.number = n.number / room.width
        offset 0
      ) as i on room.kind = 'FOR_EACH'
      where room.kind <> 'DAG'
      union all
      (
        select row(room.execution_id, ready.key, room.id, null, room.iteration_path)::reprise.opening, ready.lane
        from reprise_engine.find_ready(room.id, room.execution_id, room.key, room.iteration_path, begin_lanes.pending) as ready
        where room.kind = 'DAG'
        order by ready.lane
        limit room.free
      )
      offset 0
    ) as lane
    order by room.id, lane.place
  ), counted as (
    update reprise.blocks as b
    set
      begun_lanes = b.begun_lanes + c.count, open_lanes = b.open_lanes + c.count,
      wave = case when b.begun_lanes + c.count < b.lanes then b.wave end
    from (select begun.id, count(*)::integer as count from begun group by begun.id) as c
    where b.task_run_id = any (begin_lanes.block_ids) and b.task_run_id = c.id
  )
  select coalesce(array_agg(begun.opening), '{}') into v_openings from begun;

  return v_openings;
end;
$$;

comment on function reprise_engine.begin_lanes is
  'Begins as many further lanes of blocks as they have and may have open at once; returns the first task of each. pending: what the same transaction has '
  'come to, and not opened yet.';
