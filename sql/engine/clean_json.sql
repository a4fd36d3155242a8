create or replace function reprise_engine.clean_json(given json)
returns json
language plpgsql immutable
set search_path = ''
as $$
begin
  perform given::jsonb; -- What no text of Postgres can hold is refused here, and not to whoever reads it.
  -- Nearly always there is nothing to do.
  if given is null or given is json with unique keys and given::text !~ '\\[/u]' then
    return given;
  end if;

  return case json_typeof(given)
    when 'object' then (
      select reprise_engine.build_object(array_agg(m.key order by m.place), array_agg(reprise_engine.clean_json(m.value) order by m.place))
      from (
        select e.key, min(e.place) as place, (array_agg(e.value order by e.place desc))[1] as value
        from json_each(given) with ordinality as e (key, value, place)
        group by e.key
      ) as m
    )
    when 'array' then (
      select json_agg(reprise_engine.clean_json(i.value) order by i.place) from json_array_elements(given) with ordinality as i (value, place)
    )
    when 'string' then to_json(given #>> '{}')
    else given
  end;
end;
$$;

comment on function reprise_engine.clean_json is
  'A document from outside as it is kept: in its order, each key once, with its last value in its first place, and nothing escaped that '
  'need not be, so that its text can be searched.';
