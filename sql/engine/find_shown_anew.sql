create or replace function reprise_engine.find_shown_anew(nodes reprise.replay_node[], fates reprise.fate[], failures reprise.carried_failure[])
returns table (place integer, is_certain boolean)
language sql stable
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_nestloop = off -- everything here is a set, and a wrong guess at its size would make it a square
as $$
  with judged as materialized (
    select
      n.place, n.around, n.kind, n.branch, n.lane, n.state, n.disposition, n.reason, n.task_key, n.attempt_id,
      n.disposition not in ('CARRIED', 'CARRIED_CHANGED', 'CARRIED_FAILED', 'REMOVED', 'NOT_REACHED') as runs, f.is_uncertain
    from unnest(find_shown_anew.nodes, find_shown_anew.fates) as n
    left join (select f.place, bool_and(f.is_uncertain) as is_uncertain from unnest(find_shown_anew.failures) as f group by f.place) as f on f.place = n.place
  ), loop as materialized (
    select l.place, (a.outputs ->> 'iterationCount')::integer as iterations, (a.outputs -> 'terminatedIterations')::jsonb as shown
    from judged as l
    cross join lateral (select from reprise.tasks as t where t.key = l.task_key and t.type like '%.flow.Loop' offset 0) as t
    cross join lateral (select a.outputs from reprise.attempts as a where a.id = l.attempt_id offset 0) as a
    where l.kind = 'FOR_EACH' and l.disposition = 'REOPENED' and l.reason not in ('revalued', 'rewritten')
  ), iteration as materialized (
    select
      j.around, j.lane, coalesce(bool_or(j.runs) filter (where j.branch = 'outputs'), false) as gives,
      -- What runs again is expected to end well, but what gave a warning may give another.
      bool_or(j.is_uncertain or j.runs and j.state = 'WARNING' and j.is_uncertain is null) is true as is_open,
      max(reprise_engine.gravity(case
        when j.disposition = 'NOT_REACHED' then null
        when not j.is_uncertain then 'FAILED'
        when j.runs or j.state = 'SKIPPED' or j.branch = 'finally' then 'SUCCESS'
        else j.state::text::reprise.execution_state
      end)) as gravity
    from judged as j
    join loop as l on l.place = j.around
    where j.branch <> 'errors'
    group by j.around, j.lane
  ), counted as (
    select i.around, case when not i.is_open then reprise_engine.verdict_of(i.gravity) end as verdict, count(*)::integer as count, bool_or(i.is_open or i.gives) as is_open
    from iteration as i
    where i.is_open or i.gravity is not null
    group by i.around, i.is_open, i.gravity
    union all
    -- Where nothing is to run in them, they have all ended well.
    select l.place, 'SUCCESS', l.iterations, false from loop as l where l.iterations > 0 and l.place not in (select i.around from iteration as i)
  ), compared as (
    select
      l.place, coalesce(bool_or(c.is_open), false) as is_open,
      -- One that has not come to an end before has shown none. What is open may be what is missing.
      l.shown is null
        or coalesce(sum(c.count), 0) <> (select coalesce(sum(s.value::integer), 0) from jsonb_each_text(l.shown) as s)
        or coalesce(bool_or(c.count > coalesce((l.shown ->> c.verdict::text)::integer, 0)) filter (where c.verdict is not null), false) as differs
    from loop as l
    left join counted as c on c.around = l.place
    group by l.place, l.shown
  )
  select c.place, c.differs from compared as c where c.differs or c.is_open;
$$;

comment on function reprise_engine.find_shown_anew is
  'The Loops that go on in a replay and come to an end that they had not shown, each with another attempt for it: certainly where another number of iterations ends in some state, '
  'perhaps where one that runs again gives outputs, or has had a warning. What runs again is expected to end well, as all of a plan is.';
