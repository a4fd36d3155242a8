create or replace function reprise_api.examine_values(definitions json, given json)
returns json
language sql volatile security definer -- volatile, so that it is no query of its own in GraphQL
set search_path = ''
as $$
  select json_build_object('inputs', f.inputs, 'problems', f.problems)
  from reprise_engine.examine_inputs(examine_values.definitions, examine_values.given) as f;
$$;

comment on function reprise_api.examine_values is
  'Checks values against definitions of inputs, as compiled flows have them: {"inputs": those that are right, complete, "problems": [{"path", '
  '"code", "message", "hint"}]}. For whoever finds out by templates what inputs may be. Nothing is raised: a secret may be in what is wrong, and '
  'what is raised stands in the log of Postgres.';
