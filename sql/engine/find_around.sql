create or replace function reprise_engine.find_around(nodes reprise.replay_node[], places integer[])
returns integer[]
language sql stable
set search_path = ''
as $$
  with recursive around as (
    select (find_around.nodes)[p.place].around as place from unnest(find_around.places) as p (place)
    union
    select (find_around.nodes)[a.place].around from around as a
    where a.place is not null
  )
  select coalesce(array_agg(a.place), '{}') from around as a where a.place is not null;
$$;

comment on function reprise_engine.find_around is 'The places of the blocks around these.';
