create or replace function reprise_engine.build_object(keys text[], members json[])
returns json
language sql immutable
set search_path = ''
as $$
  select ('{' || coalesce(string_agg(to_json(m.key)::text || ': ' || coalesce(m.member::text, 'null'), ', ' order by m.place), '') || '}')::json
  from unnest(build_object.keys, build_object.members) with ordinality as m (key, member, place);
$$;

comment on function reprise_engine.build_object is 'An object of these keys and members, in their order.';
