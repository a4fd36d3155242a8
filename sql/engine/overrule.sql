create or replace function reprise_engine.overrule(
  nodes reprise.replay_node[],
  fates reprise.fate[],
  held reprise.carried_failure[],
  handled reprise.fate[]
)
returns reprise.fate[]
language sql stable
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_nestloop = off -- everything here is a set, and a wrong guess at its size would make it a square
as $$
  select array_agg(
    case
      -- What belongs to a value that is gone is dropped, whatever it is.
      when n.reason = 'gone' then row(n.place, n.disposition, n.reason, n.because_of)::reprise.fate
      when g.place is not null then g
      when h.is_uncertain then row(n.place, 'UNKNOWN', 'decided', h.cause)::reprise.fate
      when h.place is not null then row(n.place, 'NOT_REACHED', 'held_back', h.cause)::reprise.fate
      else row(n.place, n.disposition, n.reason, n.because_of)::reprise.fate
    end
    order by n.place
  )
  from unnest(overrule.nodes, overrule.fates) as n
  left join unnest(overrule.handled) as g on g.place = n.place
  left join (select distinct on (h.place) h.* from unnest(overrule.held) as h order by h.place, h.is_uncertain) as h on h.place = n.place;
$$;

comment on function reprise_engine.overrule is
  'What becomes of each task by itself, corrected by what handles ends and has a way of its own, and by what is held back and does not run.';
