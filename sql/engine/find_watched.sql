create or replace function reprise_engine.find_watched(openings reprise.opening[])
returns uuid[]
language sql stable
set search_path = ''
as $$
  select array_agg(e.id)
  from reprise.executions as e
  where e.id = any (array(select distinct o.execution_id from unnest(find_watched.openings) as o)) and e.breakpoints is not null;
$$;

comment on function reprise_engine.find_watched is 'Of the executions that come to these tasks, those that stop at breakpoints.';
