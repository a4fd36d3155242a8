create or replace function reprise_engine.decide_fates(nodes reprise.replay_node[], fates reprise.fate[], handled integer[], loose integer[])
returns reprise.fate[]
language sql stable
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_nestloop = off -- everything here is a set, and a wrong guess at its size would make it a square
as $$
  with recursive judged as materialized (
    select
      n.place, n.around, n.kind, n.branch, n.decision, n.is_conditional, n.task_run_id is not null as has_run, n.iteration, n.is_overridden,
      n.changed_keys is not null and not n.is_overridden as is_changed, n.lane, reprise_engine.handler_rank(n.branch) is not null as is_handler,
      n.state = 'SKIPPED' as is_left_out, n.disposition, n.reason, n.because_of, n.place in (select h.place from unnest(decide_fates.handled) as h (place)) as is_handled
    from unnest(decide_fates.nodes, decide_fates.fates) as n
  ), loose as materialized (
    select j.place, j.kind from judged as j where j.place in (select l.place from unnest(decide_fates.loose) as l (place))
  ), fated (place, kind, decision, is_conditional, is_left_out, disposition, reason, because_of, loose_in, found_in) as (
    select
      j.place, j.kind, j.decision, j.is_conditional, j.is_left_out, j.disposition, j.reason, j.because_of, l.place, case when l.kind = 'FOR_EACH' then l.place end
    from judged as j
    left join loose as l on l.place = j.place
    where j.around is null
    union all
    select
      j.place, j.kind, j.decision, j.is_conditional, j.is_left_out,
      -- What runs in a loop that finds its values anew runs if its value is still there.
      case when said.is_loose then 'UNKNOWN' else said.disposition end,
      case when said.is_loose then 'decided' else said.reason end,
      case when said.is_loose then b.found_in else said.because_of end,
      case when said.disposition = 'REOPENED' and l.place is not null then l.place else b.loose_in end,
      -- What a loop goes through stays in question in a LoopUntil in it.
      case when said.disposition = 'REOPENED' and l.kind = 'FOR_EACH' then l.place else b.found_in end
    from fated as b
    join judged as j on j.around = b.place
    left join loose as l on l.place = j.place
    cross join lateral (
      select
        way.*,
        b.found_in is not null and way.disposition in ('RERUN', 'NEW') and not (j.is_handled and j.lane is null and b.found_in = b.place) as is_loose
      from (
        select w.disposition::reprise.disposition, w.reason, w.because_of
        from (
          -- In what is carried, everything stays as it was, but for what has been moved to where that does not come to.
          select
            case when not j.has_run then 'NOT_REACHED' when o.is_out then 'REMOVED' when j.is_changed then 'CARRIED_CHANGED' else 'CARRIED' end as disposition,
            case when not j.has_run or o.is_out then 'not_chosen' when j.is_overridden then 'overridden' else 'inside' end as reason, b.place as because_of
          from (select reprise_engine.is_passed_by(b.kind, b.decision, b.is_left_out, j.branch) as is_out) as o
          where b.disposition in ('CARRIED', 'CARRIED_CHANGED', 'CARRIED_FAILED')
          union all
          -- In what goes on, the list that was chosen does; another is not, nor is there anything in a loop that had found nothing to go through.
          select
            case
              when o.is_chosen then j.disposition::text
              when b.found_in = b.place then 'UNKNOWN'
              when j.has_run and reprise_engine.is_passed_by(b.kind, b.decision, b.is_left_out, j.branch) then 'REMOVED'
              else 'NOT_REACHED'
            end,
            case when o.is_chosen then j.reason when b.found_in = b.place then 'decided' else 'not_chosen' end,
            case when o.is_chosen then j.because_of else b.place end
          from (select j.is_handled or j.branch = b.decision and not (b.kind = 'FOR_EACH' and j.iteration is null) as is_chosen) as o
          where b.disposition = 'REOPENED'
          union all
          -- In what runs, everything does, unless that decides.
          select
            case when o.is_open then 'UNKNOWN' when j.has_run then 'RERUN' else b.disposition::text end,
            case
              when j.is_handler and j.lane is null and not b.is_conditional then 'handles'
              when b.is_conditional or b.kind in ('IF', 'SWITCH', 'FOR_EACH') then 'decided'
              else 'inside'
            end,
            b.place
          from (
            select j.branch = 'errors' or b.is_conditional or (not j.is_handler or j.lane is not null) and b.kind in ('IF', 'SWITCH', 'FOR_EACH') as is_open
          ) as o
          where b.disposition in ('RERUN', 'NEW')
          union all
          -- And what may run or cannot takes everything with it.
          select
            case when b.reason = 'not_chosen' and not j.has_run then 'NOT_REACHED' else b.disposition::text end,
            case when b.disposition <> 'UNKNOWN' then b.reason when b.because_of is null then 'inside' else 'decided' end,
            case when b.disposition = 'UNKNOWN' then coalesce(b.because_of, b.place) else b.because_of end
          where b.disposition in ('UNKNOWN', 'NOT_REACHED', 'REMOVED')
        ) as w
      ) as way
    ) as said
    where reprise_engine.is_block(b.kind)
  )
  select coalesce(array_agg(
    case
      -- What is carried there is dropped again where its value is gone, or the loop goes on.
      when f.disposition not in ('CARRIED', 'CARRIED_CHANGED', 'CARRIED_FAILED') or l.place is null then row(f.place, f.disposition, f.reason, f.because_of)::reprise.fate
      else row(f.place, 'UNKNOWN', case when l.kind = 'LOOP_UNTIL' then 'until' else 'kept' end, l.place)::reprise.fate
    end
    order by f.place
  ), '{}')
  from fated as f
  left join loose as l on l.place = f.loose_in;
$$;

comment on function reprise_engine.decide_fates is
  'What becomes of each task in the end, from the outermost in: what is in a block follows the block, unless that is open, and then goes its own way; a loop that is '
  'open and may have other values, or may go on, decides anew what runs in it (loose: find_loose). handled: the places of what handles ends, which has a way of its own.';
