create or replace function reprise_engine.find_shown_anew(nodes reprise.replay_node[], fates reprise.fate[], failures reprise.carried_failure[])
returns table (place integer, is_certain boolean)
language sql stable
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_nestloop = off -- everything here is a set, and a wrong guess at its size would make it a square
as $$
  with judged as materialized (
    select
      n.place, n.around, n.kind, n.branch, n.lane, n.state, n.disposition, n.reason, n.branch = 'outputs' as is_output,
      n.disposition not in ('CARRIED', 'CARRIED_CHANGED', 'CARRIED_FAILED', 'REMOVED', 'NOT_REACHED') as runs, f.is_uncertain
    from unnest(find_shown_anew.nodes, find_shown_anew.fates) as n
    left join (select f.place, bool_and(f.is_uncertain) as is_uncertain from unnest(find_shown_anew.failures) as f group by f.place) as f on f.place = n.place
  ), loop as materialized (
    select l.place, l.state in ('SUCCESS', 'WARNING', 'FAILED') as has_shown
    from judged as l
    where l.kind = 'FOR_EACH' and l.disposition = 'REOPENED' and l.reason not in ('revalued', 'rewritten')
      and l.place in (select j.around from judged as j where j.lane is not null)
  ), iteration as (
    select
      j.around, j.lane, bool_or(j.runs and not j.is_output) as runs,
      bool_or(j.runs) filter (where j.is_output) as gives,
      max(reprise_engine.gravity(case when j.state = 'SKIPPED' then 'SUCCESS' else j.state::text::reprise.execution_state end)) as before,
      case
        -- What runs again is expected to end well, but what gave a warning may give another.
        when bool_or(j.is_uncertain or j.runs and j.state = 'WARNING' and j.is_uncertain is null) then null
        else max(reprise_engine.gravity(case
          when not j.is_uncertain then 'FAILED'
          when j.disposition in ('CARRIED', 'CARRIED_CHANGED') and j.state <> 'SKIPPED' then j.state::text::reprise.execution_state
          when j.runs or j.state = 'SKIPPED' then 'SUCCESS'
        end))
      end as after
    from judged as j
    join loop as l on l.place = j.around and l.has_shown
    where j.lane is not null and (reprise_engine.handler_rank(j.branch) is null or j.is_output)
    group by j.around, j.lane
  )
  select
    l.place,
    -- One that was stopped before it came to its end had not shown what it has gone through.
    not l.has_shown or coalesce(bool_or(i.runs and i.after is distinct from i.before and i.after is not null), false)
  from loop as l
  left join iteration as i on i.around = l.place
  group by l.place, l.has_shown
  having not l.has_shown or bool_or(i.runs and i.after is distinct from i.before or i.gives);
$$;

comment on function reprise_engine.find_shown_anew is
  'The Loops that go on in a replay and come to an end that they had not shown, each with another attempt for it: certainly where an iteration that had failed, or not ended, runs; '
  'perhaps where one that runs again gives outputs, or has had a warning. What runs again is expected to end well, as all of a plan is.';
