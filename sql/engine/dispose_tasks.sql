create or replace function reprise_engine.dispose_tasks(
  nodes reprise.replay_node[],
  places integer[],
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
  v_is_nested boolean := exists (select from unnest(nodes) as n where n.around is not null);
  v_opened integer[] := '{}';
  v_loose integer[] := '{}';
  v_behind integer[] := '{}';
  v_disabled text[] := array(select t.task_id from reprise_engine.tasks_of(original, target_revision) as t where t.is_disabled);
  v_tasks reprise.replay_plan_task[];
begin
  if v_is_nested then
    v_opened := reprise_engine.find_around(nodes, places);
    -- A block that ended well is opened again for the sake of what the target revision has put into it.
    v_loose := reprise_engine.find_around(nodes, array(
      select n.ordinality::integer
      from unnest(nodes) with ordinality as n
      join unnest(nodes) with ordinality as block on block.ordinality = n.around and block.decision = n.branch
      where n.is_inserted and not n.in_handler and block.task_run_id is not null
    ));
    v_behind := reprise_engine.find_dependents(nodes, places || v_opened);
  end if;

  with recursive node as materialized (
    select
      n.*,
      n.ordinality::integer as place,
      n.ordinality = any (places) as is_anchor,
      n.ordinality = any (v_opened) as holds_anchor,
      n.ordinality = any (v_loose) as holds_new,
      n.ordinality = any (v_behind) as is_dependent,
      n.state in ('SUCCESS', 'WARNING', 'SKIPPED') or n.is_overridden and n.task_run_id is not null as has_passed
    from unnest(nodes) with ordinality as n
  ), cuts as materialized (
    -- Where in each list the first anchor stands, or the first block around one.
    select n.around, n.branch, n.iteration, min(n.place) as place
    from node as n
    where (n.is_anchor or n.holds_anchor) and not n.is_wide
    group by n.around, n.branch, n.iteration
  ), open_fate as materialized (
    -- What becomes of each where the block around it is open, or it stands in no block.
    select
      n.place, n.around, n.branch, n.kind, n.decision, n.in_handler, c.place as cut,
      case
        when n.task_key is null then 'REMOVED'
        when n.is_anchor then 'RERUN'
        when c.place < n.place or n.is_dependent then 'RERUN'
        when n.holds_anchor and n.task_run_id is not null then 'REOPENED'
        when n.has_passed and n.holds_new then 'REOPENED'
        when n.has_passed and (n.changed_keys is null or n.is_overridden) then 'CARRIED'
        when n.has_passed then 'CARRIED_CHANGED'
        when n.task_run_id is null then 'NEW'
        when n.state = 'FAILED' then 'CARRIED_FAILED'
        when n.kind <> 'RUNNABLE' and (n.attempt_id is not null or n.kind in ('SEQUENTIAL', 'PARALLEL', 'DAG', 'ALLOW_FAILURE')) then 'REOPENED'
        else 'RERUN'
      end as fate,
      n.task_run_id is not null as has_run, n.changed_keys is not null and not n.is_overridden as is_changed, n.iteration, n.is_wide
    from node as n
    left join cuts as c
      on coalesce(c.around, 0) = coalesce(n.around, 0) and c.branch = n.branch and coalesce(c.iteration, -1) = coalesce(n.iteration, -1) and not n.is_wide
  ), failures as materialized (
    -- Nothing runs behind a failure that is carried.
    select f.around, f.branch, f.iteration, min(f.place) as place
    from open_fate as f
    where f.fate = 'CARRIED_FAILED' and not f.is_wide
    group by f.around, f.branch, f.iteration
  ), wide_failures as materialized (
    select f.around, min(f.place) as place
    from open_fate as f
    where f.fate = 'CARRIED_FAILED' and (f.is_wide or f.iteration is not null)
    group by f.around
  ), unbegun as materialized (
    -- Lanes that had not begun in the original: in a loop iterations, else tasks.
    select f.around, f.iteration, case when f.is_wide then f.place end as lane
    from open_fate as f
    where not f.in_handler and (f.is_wide or f.iteration is not null) and f.around in (select w.around from wide_failures as w)
    group by f.around, f.iteration, case when f.is_wide then f.place end
    having not bool_or(f.has_run)
  ), held as materialized (
    select
      f.*,
      case
        when x.place < f.place and f.fate in ('RERUN', 'NEW', 'REOPENED') then x.place
        when f.fate = 'NEW' and u.around is not null then w.place
      end as held_by
    from open_fate as f
    left join wide_failures as w on w.around = f.around
    left join unbegun as u
      on u.around = f.around and coalesce(u.iteration, -1) = coalesce(f.iteration, -1)
      and coalesce(u.lane, 0) = coalesce(case when f.is_wide then f.place end, 0) and not f.in_handler
    left join failures as x
      on coalesce(x.around, 0) = coalesce(f.around, 0) and x.branch = f.branch and coalesce(x.iteration, -1) = coalesce(f.iteration, -1) and not f.is_wide
  ), fated (place, kind, decision, fate, reason, because_of) as (
    select
      h.place, h.kind, h.decision,
      case
        when h.in_handler then case when h.branch = 'errors' then 'UNKNOWN' else 'RERUN' end
        when h.held_by is not null then 'NOT_REACHED'
        else h.fate
      end,
      case when h.in_handler then 'handles' when h.held_by is not null then 'held_back' end,
      h.held_by
    from held as h
    where h.around is null
    union all
    select
      h.place, h.kind, h.decision,
      case
        when b.fate in ('CARRIED', 'CARRIED_CHANGED', 'CARRIED_FAILED') then case
          when not h.has_run then 'NOT_REACHED' when h.is_changed then 'CARRIED_CHANGED' else 'CARRIED'
        end
        when b.fate = 'REOPENED' and h.in_handler then case when h.branch = 'errors' then 'UNKNOWN' else 'RERUN' end
        when b.fate = 'REOPENED' and h.branch <> b.decision then 'NOT_REACHED'
        when b.fate = 'REOPENED' then case when h.held_by is not null then 'NOT_REACHED' else h.fate end
        when b.fate in ('RERUN', 'NEW') and (h.in_handler and h.branch = 'errors' or not h.in_handler and b.kind in ('IF', 'SWITCH', 'FOR_EACH'))
          then 'UNKNOWN'
        else b.fate
      end,
      case
        when b.fate in ('CARRIED', 'CARRIED_CHANGED', 'CARRIED_FAILED') then case when not h.has_run then 'not_chosen' else 'inside' end
        when b.fate = 'REOPENED' and h.in_handler then 'handles'
        when b.fate = 'REOPENED' and h.branch <> b.decision then 'not_chosen'
        when b.fate = 'REOPENED' then case when h.held_by is not null then 'held_back' end
        when b.fate = 'NOT_REACHED' then 'held_back'
        when b.fate in ('RERUN', 'NEW') and h.in_handler then 'handles'
        when b.fate = 'UNKNOWN' or b.kind in ('IF', 'SWITCH', 'FOR_EACH') then 'decided'
        else 'inside'
      end,
      case
        when b.fate = 'REOPENED' and not h.in_handler and h.branch = b.decision then h.held_by
        when b.fate in ('UNKNOWN', 'NOT_REACHED') then b.because_of
        else b.place
      end
    from fated as b
    join held as h on h.around = b.place
    where b.kind <> 'RUNNABLE'
  )
  select coalesce(array_agg(
    row(
      n.task_id, n.iteration_path, f.fate,
      coalesce(f.reason, case
        when f.fate = 'REMOVED' then case when n.task_id = any (v_disabled) then 'disabled' else 'removed' end
        when f.fate = 'REOPENED' then case when n.holds_anchor then 'around' when n.holds_new then 'inserted_in' else 'not_ended' end
        when f.fate = 'CARRIED' then case when n.is_overridden then 'overridden' else 'unchanged' end
        when f.fate = 'CARRIED_CHANGED' then 'changed'
        when f.fate = 'CARRIED_FAILED' then 'failed'
        when f.fate = 'NEW' then case when n.is_inserted then 'inserted' else 'not_reached' end
        when n.is_anchor then 'anchor'
        when n.is_dependent or h.cut < n.place then 'after'
        else 'not_ended'
      end),
      cause.task_id,
      null, n.state, n.task_key, n.task_run_id, n.attempt_id,
      case
        when f.fate in ('RERUN', 'NEW', 'UNKNOWN') and n.kind in ('SEQUENTIAL', 'PARALLEL', 'DAG', 'ALLOW_FAILURE') then null
        when f.fate in ('RERUN', 'NEW', 'UNKNOWN', 'NOT_REACHED') or f.fate = 'CARRIED' and n.is_overridden then coalesce(n.attempt_number, 0) + 1
        else n.attempt_number
      end,
      n.execution_id, n.duration_ms, n.changed_keys, n.is_overridden, n.iteration
    )::reprise.replay_plan_task
    order by n.place
  ), '{}') into v_tasks
  from node as n
  join held as h on h.place = n.place
  join fated as f on f.place = n.place
  left join node as cause
    on cause.place = coalesce(f.because_of, case when f.fate = 'RERUN' and h.cut < n.place then h.cut end);

  return v_tasks;
end;
$$;

comment on function reprise_engine.dispose_tasks is
  'Says for each task run and task what a replay from these places does with it. In each list everything behind the first anchor, or the '
  'first block around one, runs again; what has ended before it is carried, what had not ended runs too, and nothing runs behind a failure '
  'that is carried. What is in a block follows the block, unless that is open.';
