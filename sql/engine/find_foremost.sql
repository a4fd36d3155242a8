create or replace function reprise_engine.find_foremost(nodes reprise.replay_node[], places integer[])
returns integer[]
language sql stable
set search_path = ''
as $$
  -- Each of them and the blocks around it, and for each of these the list that it stands in.
  with recursive step (candidate, place) as (
    select p.place, p.place from unnest(find_foremost.places) as p (place)
    union all
    select s.candidate, (find_foremost.nodes)[s.place].around from step as s where (find_foremost.nodes)[s.place].around is not null
  ), listed as materialized (
    select
      s.candidate, s.place, n.around, n.branch, n.iteration, case when n.is_wide then s.place end as lane,
      s.place <> s.candidate and s.place = any (find_foremost.places) as is_inside
    from step as s
    cross join lateral (select ((find_foremost.nodes)[s.place]).*) as n
  ), first as (
    select l.around, l.branch, l.iteration, l.lane, min(l.place) as place from listed as l group by 1, 2, 3, 4
  )
  select coalesce(array_agg(distinct l.candidate order by l.candidate), '{}')
  from listed as l
  where l.candidate not in (
    select behind.candidate
    from listed as behind
    join first as f
      on f.around is not distinct from behind.around
    where f.branch = behind.branch and f.iteration is not distinct from behind.iteration and f.lane is not distinct from behind.lane
        and (f.place < behind.place or behind.is_inside)
      -- What handles an end comes behind all that it handles, and what finally runs behind the errors.
      or coalesce(reprise_engine.handler_rank(f.branch), 0) < coalesce(reprise_engine.handler_rank(behind.branch), 0)
        and (behind.iteration is null or f.iteration = behind.iteration)
  );
$$;

comment on function reprise_engine.find_foremost is
  'Of these places the smallest set that all others stand behind, or inside of: in each list the first, and of lists of handlers none where something runs again that they handle.';
