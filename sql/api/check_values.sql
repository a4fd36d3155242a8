create or replace function reprise_api.check_values(definitions json, given json)
returns json
language sql volatile security definer -- volatile, so that it is no query of its own in GraphQL
set search_path = ''
as $$
  select reprise_engine.check_inputs(check_values.definitions, check_values.given);
$$;

comment on function reprise_api.check_values is
  'Checks values against definitions of inputs, as compiled flows have them, and returns them complete; RP422 names every fault. For whoever '
  'finds out by templates what inputs may be.';
