create or replace function reprise_engine.end_at_exits(
  nodes reprise.replay_node[],
  places integer[],
  tasks reprise.replay_plan_task[],
  original reprise.executions
)
returns reprise.replay_plan_task[]
language plpgsql stable
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_nestloop = off -- everything here is a set, and a wrong guess at its size would make it a square
as $$
declare
  v_exits integer[] := array(
    select t.ordinality
    from unnest(tasks) with ordinality as t
    cross join lateral (
      select from reprise.tasks as k where k.key = t.task_key and k.type like '%.execution.Exit' and not k.is_after offset 0
    ) as k
    where t.disposition in ('RERUN', 'NEW', 'UNKNOWN') and not coalesce(t.task_run_id = original.exited_by, false)
      -- What is carried if its value is still there does not run.
      and t.reason <> 'kept'
    order by t.ordinality
  );
  v_tasks reprise.replay_plan_task[];
begin
  if v_exits = '{}' then
    return tasks;
  end if;

  with recursive node as materialized (
    select
      n.ordinality::integer as place, coalesce(n.around, 0) as around, n.branch, n.is_wide, coalesce(n.iteration, -1) as iteration, n.lane, n.kind, n.task_key, n.task_id,
      n.iteration_path[cardinality(n.iteration_path)] as value, n.attempt_number, coalesce(block.is_serial, false) as is_serial,
      n.branch in ('errors', 'finally', 'outputs') as is_end, (t.task).disposition, (t.task).reason, (t.task).because_of
    from unnest(nodes) with ordinality as n
    join (select t as task, row_number() over () as place from unnest(tasks) as t) as t on t.place = n.ordinality
    left join (select b.is_serial, b.ordinality from unnest(nodes) with ordinality as b) as block on block.ordinality = n.around
  ), line (exit, place, around) as (
    -- From each Exit outwards.
    select n.place, n.place, n.around from node as n where n.place = any (v_exits)
    union all
    select l.exit, n.place, n.around from line as l join node as n on n.place = l.around
  ), until as (
    -- One that was left out in a LoopUntil may run when that goes on: behind and beside it is what is so of the loop, with what handles the loop's end.
    select l.exit, max(n.place) as place
    from line as l
    join node as e on e.place = l.exit and e.reason = 'until'
    join node as n on n.place = l.place and n.task_id = e.because_of
    group by l.exit
  ), marked as materialized (
    select l.place, min(l.exit) filter (where u.place is null or l.place <= u.place) as exit, min(l.exit) as handled_exit
    from line as l
    left join until as u on u.exit = l.exit
    where u.place is null or l.place <= u.place or l.around = u.place
    group by l.place
  ), numbers as materialized (
    -- Of a loop that goes through other values now these tell what comes first.
    select l.place as around, w.value, w.number
    from node as l
    join reprise.tasks as k on k.key = l.task_key
    cross join lateral unnest(reprise_engine.written_values(k.definition)) with ordinality as w (value, number)
    where l.reason = 'rewritten' and l.kind = 'FOR_EACH'
  ), ordered as materialized (
    select
      n.*, array[coalesce(o.number, 0), n.place] as rank, coalesce(o.number, n.lane) as lane_rank, m.exit, m.handled_exit,
      m.exit = n.place and n.disposition in ('RERUN', 'NEW') and not exists (
        select from reprise.tasks as k where k.key = n.task_key and k.definition -> 'runIf' is not null
      ) as is_met
    from node as n
    left join numbers as o on o.around = n.around and o.value = n.value
    left join marked as m on m.place = n.place
  ), lists as materialized (
    -- Where the first of them stands in each list; iterations one behind the other are one.
    select
      o.around, o.branch, case when o.is_serial then -2 else o.iteration end as iteration, min(o.rank) as rank, min(o.exit) as exit,
      min(o.place) filter (where o.is_met and not o.is_wide) as met_place, count(*) as count
    from ordered as o
    where o.exit is not null
    group by 1, 2, 3
  ), branches as materialized (
    select l.around, l.branch, sum(l.count) as count, min(l.exit) as exit from lists as l group by 1, 2
  ), lanes as materialized (
    select o.around, o.branch, min(o.lane_rank) as rank, min(o.lane) as least, max(o.lane) as most, min(o.handled_exit) as exit
    from ordered as o
    where o.handled_exit is not null and o.lane >= 0
    group by 1, 2
  ), ends as materialized (
    select o.around, o.branch, coalesce(o.lane, -1) as lane, min(o.place) as place, min(o.handled_exit) as exit
    from ordered as o
    where o.handled_exit is not null
    group by 1, 2, 3
  ), dependents as (
    select d.place from unnest(reprise_engine.find_dependents(nodes, array(select m.place from marked as m where m.exit is not null))) as d (place)
  ), way (place, exit, is_behind, is_next) as (
    -- Behind one in its list, or in a later iteration.
    select o.place, l.exit, true, coalesce(not o.is_serial and not o.is_wide and o.place > l.met_place, false)
    from ordered as o
    join lists as l on l.around = o.around and l.branch = o.branch and l.iteration = case when o.is_serial then -2 else o.iteration end
    where (not o.is_wide or o.is_serial) and o.rank > l.rank
    union all
    -- Beside one, in another lane, or behind it in a Dag.
    select o.place, b.exit, d.place is not null, false
    from ordered as o
    join branches as b on b.around = o.around and b.branch = o.branch
    left join lists as own on own.around = o.around and own.branch = o.branch and own.iteration = o.iteration and not o.is_wide
    left join dependents as d on d.place = o.place
    where not o.is_serial and b.count > coalesce(own.count, case when o.exit is not null then 1 else 0 end)
    union all
    -- In another list of another iteration.
    select o.place, l.exit, o.is_serial, false
    from ordered as o
    join lanes as l on l.around = o.around and l.branch <> o.branch
    where o.lane >= 0 and case when o.is_serial then o.lane_rank > l.rank else l.least <> o.lane or l.most <> o.lane end
    union all
    -- What handles the end of the block, or of the iteration.
    select o.place, e.exit, true, false
    from ordered as o
    join ends as e on e.around = o.around and e.branch <> o.branch
    where o.is_end and o.place > e.place and (o.lane is null or o.lane < 0 or e.lane in (-1, o.lane))
    union all
    select n.place, w.exit, w.is_behind, w.is_next from way as w join node as n on n.around = w.place
  ), told as materialized (
    select w.place, min(w.exit) as exit, bool_or(w.is_behind) as is_behind, bool_or(w.is_next) as is_next from way as w group by w.place
  ), fated as (
    select
      t.task, t.place, n.kind, n.attempt_number, w.is_behind, e.task_id as exit_id,
      case
        when (t.task).disposition in ('CARRIED', 'CARRIED_CHANGED', 'CARRIED_FAILED', 'REMOVED') then null
        when w.is_next then 'NOT_REACHED'
        when (t.task).disposition in ('RERUN', 'NEW') and (w.is_behind or f.place is null) then 'UNKNOWN'
      end::reprise.disposition as fate
    from (select t as task, row_number() over () as place from unnest(tasks) as t) as t
    left join told as w on w.place = t.place
    left join node as n on n.place = w.place
    left join node as e on e.place = w.exit
    -- Nothing stands before these that would have to end first.
    left join unnest(reprise_engine.find_foremost(nodes, places)) as f (place) on f.place = t.place
  )
  select array_agg(case when f.fate is null or f.exit_id is null then f.task else row(
    (f.task).task_id, (f.task).iteration_path, f.fate, case when f.fate = 'NOT_REACHED' then 'exited' when f.is_behind then 'decided' else 'raced' end, f.exit_id,
    null, (f.task).state, (f.task).task_key, (f.task).task_run_id, (f.task).attempt_id,
    coalesce(f.attempt_number, 0) + 1,
    (f.task).execution_id, (f.task).duration_ms, (f.task).changed_keys, (f.task).is_overridden, (f.task).iteration, (f.task).around
  )::reprise.replay_plan_task end order by f.place) into v_tasks
  from fated as f;
  return v_tasks;
end;
$$;

comment on function reprise_engine.end_at_exits is
  'A plan in which what would run behind or beside an Exit that has not ended the original is as sure as those Exits let it be: each that may run may end the replay.';
