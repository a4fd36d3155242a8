create or replace function reprise_engine.find_failures(nodes reprise.replay_node[], fates reprise.fate[])
returns reprise.carried_failure[]
language sql stable
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_nestloop = off -- everything here is a set, and a wrong guess at its size would make it a square
as $$
  with recursive judged as materialized (
    select n.*, reprise_engine.handler_rank(n.branch) as rank from unnest(find_failures.nodes, find_failures.fates) as n
  ), failed (place, cause, is_uncertain) as (
    select j.place, j.place, false
    from judged as j
    where j.disposition = 'CARRIED_FAILED'
      -- What an iteration gives is made anew where something in it runs again.
      and not (j.branch = 'outputs' and exists (
        select from judged as x where x.around = j.around and x.lane = j.lane and x.rank is null and x.disposition in ('RERUN', 'NEW', 'REOPENED')
      ))
      -- A Switch that has found no case fails again; a loop that came to its maximum asks once more.
      or j.disposition = 'REOPENED' and not j.allows_failure and case
        when j.kind = 'SWITCH' then j.decision = 'errors'
        when j.kind = 'LOOP_UNTIL' then j.state = 'FAILED' and not exists (
          select from judged as x where x.around = j.place and x.rank is null and x.disposition not in ('CARRIED', 'CARRIED_CHANGED')
        )
      end
    union
    select b.place, f.cause, f.is_uncertain or b.reason = 'revalued'
    from failed as f
    join judged as j on j.place = f.place
    join judged as b on b.place = j.around
    where b.disposition = 'REOPENED' and not b.allows_failure and (j.rank is null and j.branch = b.decision or j.branch = 'outputs')
  )
  select coalesce(array_agg(row(f.place, f.cause, f.is_uncertain)::reprise.carried_failure), '{}') from failed as f;
$$;

comment on function reprise_engine.find_failures is 'The failures that a replay carries, and the blocks that fail again by them.';
