create or replace function reprise_engine.handle_ends(
  nodes reprise.replay_node[],
  fates reprise.fate[],
  failures reprise.carried_failure[],
  held reprise.carried_failure[],
  opened integer[]
)
returns reprise.fate[]
language sql stable
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_nestloop = off -- everything here is a set, and a wrong guess at its size would make it a square
as $$
  with judged as materialized (
    select
      n.*, reprise_engine.handler_rank(n.branch) as rank,
      n.place in (select h.place from unnest(handle_ends.held) as h) as is_held,
      n.place in (select f.place from unnest(handle_ends.failures) as f) as has_failed
    from unnest(handle_ends.nodes, handle_ends.fates) as n
  ), anchored as materialized (
    -- In which list of handlers the first anchor stands, where nothing of what they handle runs again.
    select c.around, c.lane, min(c.rank) as rank
    from judged as c
    where c.place = any (handle_ends.opened) and not c.is_wide
    group by c.around, c.lane having bool_and(c.rank is not null) and not exists (
      select
      from judged as j
      where coalesce(j.around, 0) = coalesce(c.around, 0) and coalesce(j.lane, -2) = coalesce(c.lane, -2) and j.rank is null
        and j.disposition in ('RERUN', 'NEW', 'REOPENED') and not j.is_held
        -- What was not chosen stays so, and so does a loop that had nothing to go through.
        and (j.around is null or (
          select j.branch = b.decision and (b.kind <> 'FOR_EACH' or j.iteration is not null or b.reason = 'revalued') from judged as b where b.place = j.around
        ))
    )
  ), quiet as materialized (
    -- Iterations in which nothing runs, or all is disabled: how they ended stays as it is.
    select j.around, j.lane, bool_or(j.has_failed and j.rank is null) as has_failed
    from judged as j
    where j.lane >= 0
    group by j.around, j.lane having not bool_or(j.rank is null and j.disposition in ('RERUN', 'NEW', 'REOPENED') and not j.is_held)
  ), handler as (
    select
      j.*, a.rank as anchored_rank, q.lane is not null as is_quiet, j.lane is not null and f.lane is null as is_empty, j.task_run_id is not null or j.was_come_to as was_there,
      j.task_run_id is null and case j.branch when 'errors' then not q.has_failed when 'outputs' then q.has_failed and not b.is_tolerant else false end as is_idle,
      not exists (
        select from judged as f where f.has_failed and coalesce(f.around, 0) = coalesce(j.around, 0) and f.rank is null and (j.lane is null or f.iteration = j.lane)
      ) as is_well,
      -- An iteration that fails again gives nothing.
      (
        select min(f.place)
        from unnest(handle_ends.failures) as c
        join judged as f on f.place = c.place
        where j.branch = 'outputs' and not b.is_tolerant and not c.is_uncertain and f.around = j.around and f.lane = j.lane and f.rank is null
      ) as lost_by
    from (
      select j.*, bool_or(j.task_run_id is not null) over (partition by j.around, j.lane, j.branch) as was_come_to
      from judged as j where j.rank is not null and j.task_key is not null and j.lane is distinct from -1
    ) as j
    left join judged as b on b.place = j.around
    left join anchored as a on coalesce(a.around, 0) = coalesce(j.around, 0) and coalesce(a.lane, -2) = coalesce(j.lane, -2)
    left join quiet as q on q.around = j.around and q.lane = j.lane
    left join (select j.around, j.lane from judged as j where j.lane >= 0 and j.rank is null group by j.around, j.lane) as f
      on f.around = j.around and f.lane = j.lane
    where j.lane is null or not j.is_held
  )
  -- They handle what will be seen, unless the replay starts among them. Then those before that are carried, if their list had been come to.
  select coalesce(array_agg(row(
    h.place,
    case own.reason
      when 'not_needed' then 'NOT_REACHED' when 'held_back' then 'NOT_REACHED' when 'not_reached' then 'NEW'
      when 'handles' then case when h.branch = 'errors' then 'UNKNOWN' else 'RERUN' end
      else h.disposition::text
    end,
    coalesce(own.reason, h.reason),
    case when own.reason is null then h.because_of when own.reason = 'held_back' then h.lost_by when own.reason = 'handles' then h.around end
  )::reprise.fate), '{}')
  from handler as h
  cross join lateral (
    select case
      -- An iteration in which all is disabled ends well.
      when h.is_empty and h.branch = 'errors' then 'not_needed'
      when h.anchored_rank is null and h.is_quiet then case when h.is_idle then 'not_needed' end
      when h.anchored_rank is null or h.anchored_rank < h.rank then case when h.lost_by is not null then 'held_back' else 'handles' end
      -- Who starts at what handles a failure, where there is none, starts nothing.
      when h.anchored_rank = h.rank and h.branch = 'errors' and h.is_well and not h.was_come_to then 'not_needed'
      when h.anchored_rank = h.rank or h.was_there then null
      when h.branch = 'errors' and h.is_well then 'not_needed'
      else 'not_reached'
    end as reason
  ) as own;
$$;

comment on function reprise_engine.handle_ends is
  'What becomes of what stands directly in a list of handlers, where the block around it is open. opened are the places of anchors, and of the blocks '
  'that are open because of them.';
