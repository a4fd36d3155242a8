create or replace function reprise_engine.written_values(definition json)
returns text[]
language sql immutable -- and without settings, so that it is inlined where it is called
as $$
  select case
    when json_typeof(listed.values) = 'array' and not exists (
      select
      from json_array_elements(listed.values) as v (value)
      where json_typeof(v.value) not in ('string', 'number', 'boolean') or v.value #>> '{}' ~ '\{[{%]'
    ) then array(select v.value from json_array_elements_text(listed.values) as v (value))
  end
  from (select coalesce(written_values.definition -> 'values', written_values.definition -> 'value') as values) as listed;
$$;

comment on function reprise_engine.written_values is
  'The values of a loop where they are written down as they are; null where it takes a worker to find them.';
