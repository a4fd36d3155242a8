create or replace function reprise_engine.hold_back(
  nodes reprise.replay_node[],
  fates reprise.fate[],
  failures reprise.carried_failure[],
  opened integer[]
)
returns reprise.carried_failure[]
language sql stable
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_nestloop = off -- everything here is a set, and a wrong guess at its size would make it a square
as $$
  with judged as materialized (
    select
      n.*, reprise_engine.handler_rank(n.branch) as rank,
      -- Behind an anchor, too, there may be what has not begun yet.
      n.disposition = 'NEW' or n.disposition = 'RERUN' and n.task_run_id is null as is_to_begin
    from unnest(hold_back.nodes, hold_back.fates) as n
  ), failed as materialized (
    select f.cause, f.is_uncertain, j.* from unnest(hold_back.failures) as f join judged as j on j.place = f.place
  ), first_failed as (
    select distinct on (f.around, f.branch, f.iteration) f.*
    from failed as f
    where not f.is_wide and f.rank is null
    order by f.around, f.branch, f.iteration, f.place, f.cause
  ), wide_failed as materialized (
    select f.around, min(f.place) as place
    from failed as f
    left join judged as b on b.place = f.around
    where (f.is_wide or f.iteration is not null)
      -- Some loops go on whatever becomes of their iterations.
      and not coalesce(b.is_tolerant or b.disposition = 'REOPENED' and b.reason in ('revalued', 'rewritten'), false)
      -- A block that fails again holds back what is begun after it.
      and (f.disposition = 'CARRIED_FAILED' or b.is_serial)
    group by f.around
  ), unbegun as materialized (
    -- Lanes that had not begun in the original, nor begin because the replay starts in them: in a loop iterations, else tasks.
    select j.around, j.iteration, case when j.is_wide then j.place end as lane
    from judged as j
    where j.rank is null and (j.is_wide or j.iteration is not null) and j.around in (select w.around from wide_failed as w)
    group by j.around, j.iteration, case when j.is_wide then j.place end
    having count(j.task_run_id) = 0 and not bool_or(j.place = any (hold_back.opened))
  ), raced as materialized (
    -- Where a lane fails again that goes on, and not all begin at once, who is not among the first has to be sooner than that.
    select w.around, w.place, w.iteration, coalesce(reprise_engine.concurrency_of(k.kind, k.type, k.definition), case
        when json_typeof(k.definition -> 'concurrent') = 'string' then 1
        when k.kind <> 'DAG' then reprise_engine.first_wave()
      end) as room
    from (
      select f.around, min(f.place) as place, min(f.iteration) as iteration, min(b.task_key) as task_key
      from failed as f
      join judged as b on b.place = f.around and not b.is_serial and not coalesce(b.is_tolerant or b.reason in ('revalued', 'rewritten'), false)
      where (f.is_wide or f.iteration is not null) and f.disposition <> 'CARRIED_FAILED' and f.around not in (select w.around from wide_failed as w)
      group by f.around
    ) as w
    join (
      select k.* from reprise.tasks as k where k.key = any (array(select b.task_key from judged as b where b.place in (select f.around from failed as f)))
    ) as k on k.key = w.task_key
  ), lanes as materialized (
    -- What goes on or begins in these blocks.
    select
      j.around, j.iteration, case when j.is_wide then j.place end as lane, min(j.place) as place, count(j.task_run_id) > 0 as has_begun,
      min(j.task_key) filter (where j.is_wide) as task_key
    from judged as j
    where j.around in (select r.around from raced as r) and j.rank is null and (j.is_wide or j.iteration is not null)
      and j.disposition in ('RERUN', 'NEW', 'REOPENED', 'UNKNOWN')
    group by j.around, j.iteration, case when j.is_wide then j.place end
  ), behind as materialized (
    -- In a Dag, what depends on one of these has to wait for its end.
    select distinct l.place
    from lanes as l
    join (select t.key, t.depends_on from reprise.tasks as t where t.key = any (array(select x.task_key from lanes as x))) as t on t.key = l.task_key
    cross join lateral unnest(t.depends_on) as d (key)
    join lanes as before on before.around = l.around and before.task_key = d.key
  ), racing as (
    select
      l.around, l.iteration, l.lane, r.place as cause, l.has_begun, l.number, l.is_behind,
      case when r.room is not null then
        greatest(r.room, min(l.number) filter (where (l.iteration = r.iteration or l.lane = r.place) and not l.is_behind) over (partition by l.around) - 1)
      end as certain_count
    from raced as r
    join (
      select l.*, b.place is not null as is_behind, row_number() over (partition by l.around, b.place is not null order by l.place) as number
      from lanes as l
      left join behind as b on b.place = l.place
    ) as l on l.around = r.around
  ), held as (
    -- Nothing runs behind a failure that is carried,
    select j.place, case when f.is_uncertain then f.place else f.cause end as cause, f.is_uncertain
    from first_failed as f
    join judged as j
      on coalesce(j.around, 0) = coalesce(f.around, 0) and j.branch = f.branch and coalesce(j.iteration, -1) = coalesce(f.iteration, -1)
    where f.place < j.place and not j.is_wide and j.disposition in ('RERUN', 'NEW', 'REOPENED')
    union all
    -- no lane begins beside one,
    select j.place, w.place, false
    from wide_failed as w
    join unbegun as u on u.around = w.around
    join judged as j
      on j.around = u.around and coalesce(j.iteration, -1) = coalesce(u.iteration, -1)
      and coalesce(case when j.is_wide then j.place end, 0) = coalesce(u.lane, 0)
    where (j.rank is null or j.lane is not null) and j.is_to_begin
    union all
    select j.place, r.cause, true
    from racing as r
    join judged as j
      on j.around = r.around and coalesce(j.iteration, -1) = coalesce(r.iteration, -1)
      and coalesce(case when j.is_wide then j.place end, 0) = coalesce(r.lane, 0)
    where (r.is_behind or r.number > r.certain_count) and not r.has_begun and (j.rank is null or j.lane is not null)
      and j.is_to_begin
    union all
    -- and in a Dag nothing runs that waits for what has failed.
    select j.place, (select min(f.cause) from failed as f where f.around = j.around), false
    from unnest(reprise_engine.find_dependents(hold_back.nodes, array(select f.place from failed as f where f.is_wide))) as d (place)
    join judged as j on j.place = d.place and j.disposition in ('RERUN', 'NEW')
  )
  select coalesce(array_agg(row(h.place, h.cause, h.is_uncertain)::reprise.carried_failure), '{}') from held as h;
$$;

comment on function reprise_engine.hold_back is 'What cannot run in a replay, or only perhaps, because of the failures that it carries. opened are the places of anchors, and of the blocks that are open because of them.';
