create or replace function reprise_engine.find_defaulted(definitions json, given json, found json)
returns text[]
language sql immutable
set search_path = ''
as $$
  select coalesce(array_agg(i.input ->> 'id' order by i.place), '{}')
  from json_array_elements(find_defaulted.definitions) with ordinality as i (input, place)
  cross join lateral (select string_to_array(i.input ->> 'id', '.') as path) as of
  where ((i.input ->> 'isTemplated')::boolean or (i.input ->> 'isDeferred')::boolean)
    and reprise_engine.unless_null(find_defaulted.given #> of.path) is null
    and reprise_engine.unless_null(find_defaulted.found #> of.path) is not null;
$$;

comment on function reprise_engine.find_defaulted is
  'The ids of the inputs that have a value now and had none before, which is to say that their defaults were rendered.';
