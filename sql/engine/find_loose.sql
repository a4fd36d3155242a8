create or replace function reprise_engine.find_loose(nodes reprise.replay_node[], fates reprise.fate[], failures reprise.carried_failure[])
returns integer[]
language sql stable
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_nestloop = off -- everything here is a set, and a wrong guess at its size would make it a square
as $$
  with judged as materialized (
    select n.place, n.kind, n.disposition, n.reason from unnest(find_loose.nodes, find_loose.fates) as n
  )
  select coalesce(array_agg(j.place order by j.place), '{}')
  from judged as j
  where j.disposition = 'REOPENED'
    and (
      j.reason = 'revalued'
      or j.kind = 'LOOP_UNTIL'
        -- It does not ask where it fails again.
        and j.place not in (select f.place from unnest(find_loose.failures) as f where not f.is_uncertain)
    );
$$;

comment on function reprise_engine.find_loose is
  'The places of blocks that go on in a replay and find out anew what runs in them: a loop that asks for its values, or once more whether its condition holds.';
