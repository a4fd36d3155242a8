create or replace function reprise_engine.lay_over(document json, over json)
returns json
language sql immutable
set search_path = ''
as $$
  select reprise_engine.build_object(array_agg(m.key order by m.is_new, m.place), array_agg(m.value order by m.is_new, m.place))
  from (
    select coalesce(d.key, o.key) as key, coalesce(o.value, d.value) as value, d.key is null as is_new, coalesce(d.place, o.place) as place
    from json_each(lay_over.document) with ordinality as d (key, value, place)
    full join json_each(lay_over.over) with ordinality as o (key, value, place) on o.key = d.key
  ) as m;
$$;

comment on function reprise_engine.lay_over is
  'An object with the members of another one laid over its own: what is there already is replaced in its place, what is new comes behind.';
