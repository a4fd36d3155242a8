create or replace function reprise_engine.find_dependents(nodes reprise.replay_node[], places integer[])
returns integer[]
language sql stable
set search_path = ''
as $$
  with recursive member as materialized (
    select n.ordinality::integer as place, n.around, n.task_key, t.depends_on
    from unnest(find_dependents.nodes) with ordinality as n
    join unnest(find_dependents.nodes) with ordinality as dag on dag.ordinality = n.around and dag.kind = 'DAG'
    cross join lateral (select t.depends_on from reprise.tasks as t where t.key = n.task_key offset 0) as t
    where n.is_wide
  ), behind as (
    select m.place, m.around, m.task_key from member as m where m.place = any (find_dependents.places)
    union
    select m.place, m.around, m.task_key
    from behind as b
    join member as m on m.around = b.around and b.task_key = any (m.depends_on)
  )
  select coalesce(array_agg(b.place), '{}') from behind as b where b.place <> all (find_dependents.places);
$$;

comment on function reprise_engine.find_dependents is 'In Dags, the places of what waits for these, also by way of others.';
