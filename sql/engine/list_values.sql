create or replace function reprise_engine.list_values(definition jsonb)
returns text
language sql immutable
set search_path = ''
as $$
  select string_agg(v.value, ', ' order by v.position)
  from jsonb_array_elements_text(list_values.definition -> 'values') with ordinality as v (value, position);
$$;

comment on function reprise_engine.list_values is 'The values that an input may have, for a message.';
