create or replace function reprise_engine.find_directories(nodes reprise.replay_node[], places integer[])
returns integer[]
language sql stable
set search_path = ''
as $$
  select coalesce(array_agg(distinct where_to.place order by where_to.place), '{}')
  from unnest(find_directories.places) as given (place)
  cross join lateral (
    select case
      when (nodes[nodes[given.place].around]).kind = 'WORKING_DIRECTORY' and nodes[given.place].branch = 'tasks' then nodes[given.place].around
      when nodes[given.place].branch = 'onPause' then nodes[given.place].around
      else given.place
    end as place
  ) as where_to;
$$;

comment on function reprise_engine.find_directories is
  'These places, and instead of one in a WorkingDirectory that of the block: it runs again as a whole, since its files are gone. '
  'What a Pause runs when it begins runs with the Pause.';
