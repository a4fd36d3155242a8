create or replace function reprise_engine.written_values(definition json)
returns text[]
language sql immutable -- and without settings, so that it is inlined where it is called
as $$
  select case
    when json_typeof(listed.values) = 'array' and not exists (
      select
      from json_array_elements(listed.values) as v (value)
      where json_typeof(v.value) not in ('string', 'number', 'boolean')
        -- Numbers in a text are read by whoever renders it.
        or listed.is_text and json_typeof(v.value) = 'number' or v.value #>> '{}' ~ '\{[{%#]'
    ) then array(
      select v.value from json_array_elements_text(listed.values) with ordinality as v (value, place) group by v.value order by min(v.place)
    )
    when json_typeof(listed.values) = 'object' and not listed.is_text and not exists (
      select from json_object_keys(listed.values) as k (key) where k.key ~ '\{[{%#]'
    ) then array(select k.key from json_object_keys(listed.values) as k (key))
  end
  from (
    select case
      -- A list may be written as a text of JSON, too.
      when json_typeof(given.values) = 'string' and given.values #>> '{}' !~ '\{[{%#]' and pg_catalog.pg_input_is_valid(given.values #>> '{}', 'json')
        then (given.values #>> '{}')::json
      else given.values
    end as values,
    json_typeof(given.values) = 'string' as is_text
    from (select coalesce(written_values.definition -> 'values', written_values.definition -> 'value') as values) as given
  ) as listed;
$$;

comment on function reprise_engine.written_values is
  'The values of a loop, each once, or the keys of a map, where they are written down as they are; null where it takes a worker to find them.';
