create or replace function reprise_engine.clean_part(given json, depth integer)
returns json
language plpgsql immutable
set search_path = ''
as $$
declare
  c_deepest constant integer := 200; -- as deep as templates read
begin
  if depth > c_deepest then
    raise exception 'A value is nested more than % levels deep.', c_deepest
      using errcode = 'RP400', detail = 'nested_too_deeply', hint = 'Give it as a file.';
  end if;

  return case json_typeof(given)
    when 'object' then (
      select reprise_engine.build_object(array_agg(m.key order by m.place), array_agg(reprise_engine.clean_part(m.value, depth + 1) order by m.place))
      from (
        select e.key, min(e.place) as place, (array_agg(e.value order by e.place desc))[1] as value
        from json_each(given) with ordinality as e (key, value, place)
        group by e.key
      ) as m
    )
    when 'array' then coalesce(
      (select json_agg(reprise_engine.clean_part(i.value, depth + 1) order by i.place) from json_array_elements(given) with ordinality as i (value, place)),
      '[]'
    )
    when 'string' then to_json(given #>> '{}')
    else given
  end;
end;
$$;

comment on function reprise_engine.clean_part is
  'A part of a document that has to be cleaned (clean_json), so many levels deep in it. Raises RP400 where it is nested too deeply to be read by templates.';
