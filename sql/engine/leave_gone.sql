create or replace function reprise_engine.leave_gone(nodes reprise.replay_node[], fates reprise.fate[])
returns reprise.fate[]
language sql stable
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_nestloop = off -- everything here is a set, and a wrong guess at its size would make it a square
as $$
  with recursive judged as materialized (
    select n.place, n.around, n.task_key, n.iteration_path, n.disposition, n.reason, n.because_of
    from unnest(leave_gone.nodes, leave_gone.fates) as n
  ), loops as materialized (
    select j.place, cardinality(coalesce(j.iteration_path, '{}')) + 1 as depth, t.written
    from judged as j
    cross join lateral (
      select reprise_engine.written_values(t.definition) as written from reprise.tasks as t where t.key = j.task_key offset 0
    ) as t
    where j.disposition = 'REOPENED' and j.reason = 'revalued' and t.written is not null
  ), inside (place, loop, depth) as (
    select j.place, l.place, l.depth from loops as l join judged as j on j.around = l.place
    union all
    select j.place, i.loop, i.depth from inside as i join judged as j on j.around = i.place
  ), kept as (
    select l.place as loop, w.value from loops as l cross join lateral unnest(l.written) as w (value)
  ), gone as (
    select i.place, min(i.loop) as loop
    from inside as i
    join judged as j on j.place = i.place
    left join kept as k on k.loop = i.loop and k.value = j.iteration_path[i.depth]
    where k.value is null and j.iteration_path[i.depth] is not null
    group by i.place
  )
  select array_agg(
    case
      when g.place is not null then row(j.place, 'REMOVED', 'gone', g.loop)::reprise.fate
      when l.place is not null then row(j.place, j.disposition, 'rewritten', j.because_of)::reprise.fate
      else row(j.place, j.disposition, j.reason, j.because_of)::reprise.fate
    end
    order by j.place
  )
  from judged as j
  left join gone as g on g.place = j.place
  left join loops as l on l.place = j.place;
$$;

comment on function reprise_engine.leave_gone is
  'Where the other values of a loop that goes on are written down, nobody has to ask which they are: what ran for values that are gone is dropped.';
