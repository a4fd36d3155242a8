create or replace function reprise_engine.leave_out(document json, keys text[])
returns json
language sql immutable
set search_path = ''
as $$
  select reprise_engine.build_object(array_agg(d.key order by d.place), array_agg(d.value order by d.place))
  from json_each(leave_out.document) with ordinality as d (key, value, place)
  where d.key <> all (leave_out.keys);
$$;

comment on function reprise_engine.leave_out is 'An object without these members.';
