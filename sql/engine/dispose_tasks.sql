create or replace function reprise_engine.dispose_tasks(
  nodes reprise.replay_node[],
  places integer[],
  opened integer[],
  original reprise.executions,
  target_revision integer
)
returns reprise.replay_plan_task[]
language plpgsql stable
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_nestloop = off -- everything here is a set, and a wrong guess at its size would make it a square
as $$
declare
  -- In the order in which they run. The outputs of an iteration belong to how it ends, as its handlers do, but can fail it.
  c_handlers constant text[] := '{errors,finally,outputs,afterExecution}';
  v_is_nested boolean := exists (select from unnest(nodes) as n where n.around is not null);
  v_has_lists boolean := v_is_nested or exists (select from unnest(nodes) as n where n.in_handler);
  v_around integer[] := '{}'; v_opened integer[] := '{}';
  v_undecided integer[] := '{}';
  v_loose integer[] := '{}';
  v_behind integer[] := '{}';
  v_tasks reprise.replay_plan_task[];
begin
  if v_is_nested then
    v_around := reprise_engine.find_around(nodes, places || opened);
    v_opened := v_around || opened;
    v_undecided := reprise_engine.find_undecided(nodes);
    -- A block that ended well is opened again for the sake of what the target revision has put into it.
    v_loose := reprise_engine.find_around(nodes, reprise_engine.find_put_in(nodes));
    v_behind := reprise_engine.find_dependents(nodes, places || v_opened);
  end if;

  with recursive cuts as materialized (
    -- Where in each list the first anchor stands, or the first block around one.
    select n.around, n.branch, n.iteration, n.lane, min(p.place) as place
    from unnest(places || v_opened) as p (place)
    cross join lateral (select (nodes[p.place]).*) as n
    where not n.is_wide
    group by n.around, n.branch, n.iteration, n.lane
  ), judged as materialized (
    -- What becomes of each where the block around it is open, or it stands in no block.
    select
      x.*,
      -- A loop that goes on where its values may be others finds them anew.
      x.judgement = 'REOPENED' and x.kind = 'FOR_EACH' and x.changed_keys is not null and not x.is_overridden as is_revalued
    from (
      select
        n.*, n.ordinality::integer as place, c.place as cut, array_position(c_handlers, n.branch) as rank,
        case
          when n.task_key is null then 'REMOVED'
          when n.ordinality = any (places) or c.place < n.ordinality or n.ordinality = any (v_behind)
            -- What was left out, or came to its end first, has chosen nothing to go on with.
            or n.ordinality = any (v_opened || v_loose) and (n.state = 'SKIPPED' or n.ordinality = any (v_undecided)) then 'RERUN'
          when n.ordinality = any (v_opened) and n.task_run_id is not null then 'REOPENED'
          when n.state in ('SUCCESS', 'WARNING', 'SKIPPED') or n.state = 'FAILED' and n.branch = any (c_handlers) and n.branch <> 'outputs'
            or n.is_overridden and n.task_run_id is not null then case
            -- Whatever is put into a WorkingDirectory needs all of it: its files are gone.
            when n.ordinality = any (v_loose) and n.kind = 'WORKING_DIRECTORY' then 'RERUN'
            when n.ordinality = any (v_loose) then 'REOPENED'
            when n.changed_keys is null or n.is_overridden then 'CARRIED'
            else 'CARRIED_CHANGED'
          end
          when n.task_run_id is null then 'NEW'
          when n.state = 'FAILED' then 'CARRIED_FAILED'
          when reprise_engine.is_block(n.kind) and n.kind not in ('PAUSE', 'WORKING_DIRECTORY')
            and (n.attempt_id is not null or reprise_engine.needs_no_worker(n.kind)) and n.ordinality <> all (v_undecided) then 'REOPENED'
          else 'RERUN'
        end as judgement
      from unnest(nodes) with ordinality as n
      left join cuts as c
        on coalesce(c.around, 0) = coalesce(n.around, 0) and c.branch = n.branch and coalesce(c.iteration, -1) = coalesce(n.iteration, -1) and not n.is_wide
    ) as x
  ), failed (place, around, branch, iteration, is_wide, rank, cause, is_uncertain) as (
    -- Failures that are carried, and the blocks that fail again by them.
    select j.place, j.around, j.branch, j.iteration, j.is_wide, j.rank, j.place, false from judged as j
    -- What an iteration gives is made anew where something in it runs again.
    where j.judgement = 'CARRIED_FAILED' and not (j.branch = 'outputs' and exists (
      select from judged as x where x.around = j.around and x.lane = j.lane and x.rank is null and x.judgement in ('RERUN', 'NEW', 'REOPENED')
    ))
    union
    select b.place, b.around, b.branch, b.iteration, b.is_wide, b.rank, f.cause, f.is_uncertain or b.is_revalued
    from failed as f
    join judged as b on b.place = f.around
    where b.judgement = 'REOPENED' and not b.allows_failure and (f.rank is null and f.branch = b.decision or f.branch = 'outputs')
  ), wide_failed as materialized (
    select f.around, min(f.place) as place
    from failed as f
    where (f.is_wide or f.iteration is not null)
      -- Some loops go on whatever becomes of their iterations.
      and not coalesce((select b.is_tolerant or b.is_revalued from judged as b where b.place = f.around), false)
      -- A block that fails again holds back what is begun after it.
      and (f.place = f.cause or (select b.is_serial from judged as b where b.place = f.around))
    group by f.around
  ), unbegun as materialized (
    -- Lanes that had not begun in the original: in a loop iterations, else tasks.
    select j.around, j.iteration, case when j.is_wide then j.place end as lane
    from judged as j
    where not j.in_handler and (j.is_wide or j.iteration is not null) and j.around in (select w.around from wide_failed as w)
    group by j.around, j.iteration, case when j.is_wide then j.place end
    having count(j.task_run_id) = 0
  ), held as materialized (
    -- What cannot run: nothing runs behind a failure that is carried, and no lane begins beside one.
    select j.place, case when f.is_uncertain then f.place else f.cause end as held_by, f.is_uncertain
    from (
      select distinct on (f.around, f.branch, f.iteration) f.*
      from failed as f
      where not f.is_wide and f.rank is null
      order by f.around, f.branch, f.iteration, f.place, f.cause
    ) as f
    join judged as j
      on coalesce(j.around, 0) = coalesce(f.around, 0) and j.branch = f.branch and coalesce(j.iteration, -1) = coalesce(f.iteration, -1)
    where f.place < j.place and not j.is_wide and j.judgement in ('RERUN', 'NEW', 'REOPENED')
    union all
    select j.place, w.place, false
    from wide_failed as w
    join unbegun as u on u.around = w.around
    join judged as j
      on j.around = u.around and coalesce(j.iteration, -1) = coalesce(u.iteration, -1)
      and coalesce(case when j.is_wide then j.place end, 0) = coalesce(u.lane, 0)
    where (not j.in_handler or j.lane is not null) and j.judgement = 'NEW'
    union all
    -- In a Dag nothing runs that waits for what has failed.
    select d.place, (select min(f.cause) from failed as f where f.around = nodes[d.place].around), false
    from unnest(reprise_engine.find_dependents(nodes, array(select f.place from failed as f where f.is_wide))) as d (place)
    join judged as j on j.place = d.place and j.judgement = 'RERUN'
    where v_is_nested
  ), anchored as materialized (
    -- In which list of handlers the first anchor stands, where nothing of what they handle runs again.
    select c.around, c.lane, min(array_position(c_handlers, c.branch)) as rank
    from cuts as c
    group by c.around, c.lane having bool_and(c.branch = any (c_handlers)) and not exists (
      select
      from judged as j
      where coalesce(j.around, 0) = coalesce(c.around, 0) and coalesce(j.lane, -2) = coalesce(c.lane, -2) and j.rank is null and j.judgement in ('RERUN', 'NEW')
        -- What was not chosen stays so.
        and (j.around is null or j.branch = (select b.decision from judged as b where b.place = j.around))
        and not exists (select from held as h where h.place = j.place)
    )
  ), quiet as materialized (
    -- Iterations in which nothing runs: how they ended stays as it is.
    select j.around, j.lane, bool_or(f.place is not null) as has_failed
    from judged as j
    left join held as h on h.place = j.place
    left join failed as f on f.place = j.place
    where j.lane >= 0 and j.rank is null group by j.around, j.lane having not bool_or(j.judgement in ('RERUN', 'NEW', 'REOPENED') and h.place is null)
  ), handling as materialized (
    -- What becomes of what stands directly in a list of handlers, where the block around it is open: it handles what will be seen, unless
    -- the replay starts among the handlers. Then those before that are carried, if their list had been come to.
    select
      j.place,
      case
        when a.rank is null and q.lane is not null then case when said.is_idle then 'NOT_REACHED' else j.judgement end
        when a.rank is null or a.rank < j.rank then case when j.branch = 'errors' then 'UNKNOWN' else 'RERUN' end
        when j.task_run_id is not null or j.rank = a.rank or said.was_come_to then j.judgement
        when j.branch = 'errors' and said.is_well then 'NOT_REACHED'
        else 'NEW'
      end as fate,
      case
        when a.rank is null and q.lane is not null then case when said.is_idle then 'not_needed' end
        when a.rank is null or a.rank < j.rank then 'handles'
        when j.task_run_id is null and j.rank < a.rank and not said.was_come_to then case when j.branch = 'errors' and said.is_well then 'not_needed' else 'not_reached' end
      end as reason
    from (
      select j.*, bool_or(j.task_run_id is not null) over (partition by j.around, j.lane, j.branch) as was_come_to
      from judged as j where j.rank is not null and j.task_key is not null and j.lane is distinct from -1
    ) as j
    left join judged as b on b.place = j.around
    left join anchored as a on coalesce(a.around, 0) = coalesce(j.around, 0) and coalesce(a.lane, -2) = coalesce(j.lane, -2)
    left join quiet as q on q.around = j.around and q.lane = j.lane
    cross join lateral (
      select
        j.was_come_to,
        j.task_run_id is null and case j.branch when 'errors' then not q.has_failed when 'outputs' then q.has_failed and not b.is_tolerant end as is_idle,
        not exists (select from failed as f where coalesce(f.around, 0) = coalesce(j.around, 0) and f.rank is null and (j.lane is null or f.iteration = j.lane)) as is_well
    ) as said
    where j.lane is null or not exists (select from held as h where h.place = j.place)
  ), fated (place, kind, decision, is_conditional, fate, reason, because_of, revalued) as (
    select
      j.place, j.kind, j.decision, j.is_conditional,
      case
        when g.place is not null then g.fate
        when h.is_uncertain then 'UNKNOWN'
        when h.held_by is not null then 'NOT_REACHED'
        else j.judgement
      end,
      case when g.place is not null then g.reason when h.is_uncertain then 'decided' when h.held_by is not null then 'held_back' end,
      h.held_by,
      case when j.is_revalued and h.held_by is null and g.place is null then j.place end
    from judged as j
    left join held as h on h.place = j.place
    left join handling as g on g.place = j.place
    where j.around is null and v_has_lists
    union all
    select
      j.place, j.kind, j.decision, j.is_conditional,
      -- What runs in a loop that finds its values anew runs if its value is still there.
      case when said.is_loose then 'UNKNOWN' else said.fate end,
      case when said.is_loose then 'decided' else said.reason end,
      case when said.is_loose then b.revalued else said.because_of end,
      case when j.is_revalued and said.fate = 'REOPENED' then j.place else b.revalued end
    from fated as b
    join judged as j on j.around = b.place
    left join held as h on h.place = j.place
    left join handling as g on g.place = j.place
    cross join lateral (
      select
        way.*,
        b.revalued is not null and way.fate in ('RERUN', 'NEW') and not (g.place is not null and j.lane is null and b.revalued = b.place) as is_loose
      from (
        select
          case
            when b.fate in ('CARRIED', 'CARRIED_CHANGED', 'CARRIED_FAILED') then case
              when j.task_run_id is null then 'NOT_REACHED'
              when j.changed_keys is not null and not j.is_overridden then 'CARRIED_CHANGED'
              else 'CARRIED'
            end
            when b.fate = 'REOPENED' and g.place is not null then g.fate
            -- Another list, or a loop that had found nothing to go through.
            when b.fate = 'REOPENED' and (j.branch <> b.decision or b.kind = 'FOR_EACH' and j.iteration is null)
            then case when b.revalued = b.place then 'UNKNOWN' else 'NOT_REACHED' end
            when b.fate = 'REOPENED' then case when h.is_uncertain then 'UNKNOWN' when h.held_by is not null then 'NOT_REACHED' else j.judgement end
            when b.fate in ('RERUN', 'NEW') and (j.branch = 'errors' or b.is_conditional or (j.rank is null or j.lane is not null) and b.kind in ('IF', 'SWITCH', 'FOR_EACH'))
              then 'UNKNOWN'
            else b.fate
          end as fate,
          case
            when b.fate in ('CARRIED', 'CARRIED_CHANGED', 'CARRIED_FAILED') then case when j.task_run_id is null then 'not_chosen' when j.is_overridden then 'overridden' else 'inside' end
            when b.fate = 'REOPENED' and g.place is not null then g.reason
            when b.fate = 'REOPENED' and (j.branch <> b.decision or b.kind = 'FOR_EACH' and j.iteration is null)
            then case when b.revalued = b.place then 'decided' else 'not_chosen' end
            when b.fate = 'REOPENED' then case when h.is_uncertain then 'decided' when h.held_by is not null then 'held_back' end
            when b.fate = 'NOT_REACHED' then 'held_back'
            when b.fate in ('RERUN', 'NEW') and j.rank is not null and j.lane is null and not b.is_conditional then 'handles'
            when b.fate = 'UNKNOWN' or b.is_conditional or b.kind in ('IF', 'SWITCH', 'FOR_EACH') then 'decided'
            else 'inside'
          end as reason,
          case
            when b.fate = 'REOPENED' and g.place is not null and g.reason is distinct from 'handles' then null
            when b.fate = 'REOPENED' and g.place is null and j.branch = b.decision then h.held_by
            when b.fate in ('UNKNOWN', 'NOT_REACHED') then b.because_of
            else b.place
          end as because_of
      ) as way
    ) as said
    where reprise_engine.is_block(b.kind)
  ), decided as (
    select
      j.*, coalesce(f.fate, case when h.is_uncertain then 'UNKNOWN' when h.place is not null then 'NOT_REACHED' else j.judgement end) as fate,
      coalesce(f.reason, case when f.place is null and h.place is not null then 'held_back' end) as told,
      coalesce(f.because_of, case when f.place is null then h.held_by end) as because_of,
      case when f.fate in ('CARRIED', 'CARRIED_CHANGED', 'CARRIED_FAILED') then l.place end as kept_by
    from judged as j
    left join held as h on h.place = j.place
    left join fated as f on f.place = j.place
    -- What is carried in a loop that finds its values anew is dropped again where its value is gone.
    left join (
      select
        x.place, cardinality(coalesce(x.iteration_path, '{}')) + 1 as depth,
        (select reprise_engine.written_values(t.definition) from reprise.tasks as t where t.key = x.task_key) as written
      from judged as x
      where x.is_revalued
    ) as l on l.place = f.revalued and j.iteration_path[l.depth] is not null and j.iteration_path[l.depth] <> all (coalesce(l.written, '{}'))
  )
  select coalesce(array_agg(
    row(
      d.task_id, d.iteration_path, case when d.kept_by is not null then 'UNKNOWN' else d.fate end,
      coalesce(case when d.kept_by is not null then 'kept' end, d.told, case
        when d.fate = 'REMOVED' then case when d.task_id = any ((select reprise_engine.disabled_tasks(original, target_revision))::text[]) then 'disabled' else 'removed' end
        when d.fate = 'REOPENED' then case
          when d.is_revalued then 'revalued' when d.place = any (v_around) then 'around' when d.place = any (v_opened) then 'unstopped' when d.place = any (v_loose) then 'inserted_in'
          else 'not_ended'
        end
        when d.fate = 'CARRIED' then case when d.is_overridden then 'overridden' else 'unchanged' end
        when d.fate = 'CARRIED_CHANGED' then 'changed'
        when d.fate = 'CARRIED_FAILED' then 'failed'
        when d.fate = 'NEW' then case when d.is_inserted then 'inserted' else 'not_reached' end
        when d.place = any (places) then 'anchor'
        when d.place = any (v_behind) or d.cut < d.place then 'after'
        when d.place = any (v_loose) and d.state in ('SUCCESS', 'WARNING', 'SKIPPED') then 'inserted_with'
        else 'not_ended'
      end),
      (nodes[coalesce(d.kept_by, d.because_of, case when d.fate = 'RERUN' and d.cut < d.place then d.cut end)]).task_id,
      null, d.state, d.task_key, d.task_run_id, d.attempt_id,
      reprise_engine.planned_number(d.fate, d.kind, d.attempt_number, d.is_revalued, d.is_overridden),
      d.execution_id, d.duration_ms, d.changed_keys, d.is_overridden, d.iteration, d.around
    )::reprise.replay_plan_task
    order by d.place
  ), '{}') into v_tasks
  from decided as d;

  return v_tasks;
end;
$$;

comment on function reprise_engine.dispose_tasks is
  'Says for each task run and task what a replay from these places does with it, and with these blocks opened. In each list everything behind the first anchor, or the '
  'first block around one, runs again; what has ended before it is carried, what had not ended runs too, and nothing runs behind a failure '
  'that is carried. What is in a block follows the block, unless that is open; a loop that is open and may have other values decides anew what '
  'runs in it.';
