create or replace function reprise_engine.find_foremost(nodes reprise.replay_node[], places integer[])
returns integer[]
language sql stable
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_nestloop = off -- everything here is a set, and a wrong guess at its size would make it a square
as $$
  -- Each of them and the blocks around it, and for each of these the list that it stands in; nothing is 0 and -1, so that they can be hashed.
  with recursive step (candidate, place) as (
    select p.place, p.place from unnest(find_foremost.places) as p (place)
    union all
    select s.candidate, (find_foremost.nodes)[s.place].around from step as s where (find_foremost.nodes)[s.place].around is not null
  ), listed as materialized (
    select
      s.candidate, s.place, coalesce(n.around, 0) as around, n.branch, coalesce(n.iteration, -1) as iteration, case when n.is_wide then s.place else 0 end as lane,
      coalesce(reprise_engine.handler_rank(n.branch), 0) as rank, s.place <> s.candidate and p.place is not null as is_inside
    from step as s
    cross join lateral (select ((find_foremost.nodes)[s.place]).*) as n
    left join (select distinct p.place from unnest(find_foremost.places) as p (place)) as p on p.place = s.place
  ), first as materialized (
    select l.around, l.branch, l.iteration, l.lane, min(l.place) as place from listed as l group by 1, 2, 3, 4
  ), handled as materialized (
    select l.around, l.iteration, min(l.rank) as rank from listed as l group by 1, 2
  ), behind as (
    select l.candidate
    from listed as l
    join first as f on f.around = l.around and f.branch = l.branch and f.iteration = l.iteration and f.lane = l.lane
    where f.place < l.place or l.is_inside
    union
    -- What handles an end comes behind all that it handles, and what finally runs behind the errors.
    select l.candidate
    from listed as l
    join handled as h on h.around = l.around and h.iteration = l.iteration
    where h.rank < l.rank
    union
    select l.candidate
    from listed as l
    join (select h.around, min(h.rank) as rank from handled as h group by 1) as h on h.around = l.around
    where l.iteration = -1 and h.rank < l.rank
  )
  select coalesce(array_agg(distinct l.candidate order by l.candidate), '{}')
  from listed as l
  where l.candidate not in (select b.candidate from behind as b);
$$;

comment on function reprise_engine.find_foremost is
  'Of these places the smallest set that all others stand behind, or inside of: in each list the first, and of lists of handlers none where something runs again that they handle.';
