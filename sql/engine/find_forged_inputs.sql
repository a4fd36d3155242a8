create or replace function reprise_engine.find_forged_inputs(definitions json, given json)
returns jsonb
language sql immutable
set search_path = ''
as $$
  select coalesce(jsonb_agg(jsonb_build_object(
    'path', i.input -> 'id', 'code', 'invalid_input', 'message',
    format('Invalid value for input `%s`. Cause: it looks like an encrypted secret, which only a SECRET can be', i.input ->> 'id')
  ) order by i.place), '[]')
  from json_array_elements(find_forged_inputs.definitions) with ordinality as i (input, place)
  cross join lateral (
    select coalesce(find_forged_inputs.given -> (i.input ->> 'id'), find_forged_inputs.given #> string_to_array(i.input ->> 'id', '.')) as value
  ) as of
  -- Other types take nothing encrypted from anybody.
  where ((i.input ->> 'type') in ('STRING', 'JSON', 'YAML', 'ARRAY', 'MULTISELECT') or (i.input ->> 'isDeferred')::boolean and i.input ->> 'type' <> 'SECRET')
    and reprise_engine.holds_sealed(of.value);
$$;

comment on function reprise_engine.find_forged_inputs is
  'The faults of inputs that somebody gives as if they were encrypted: what is sealed comes from another execution, or is a SECRET.';
