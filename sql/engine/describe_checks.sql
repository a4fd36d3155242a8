create or replace function reprise_engine.describe_checks(revision reprise.flow_revisions, inputs json, problems jsonb, is_asked boolean)
returns json
language sql stable
set search_path = ''
as $$
  select json_build_object(
    'flow', json_build_object('id', (describe_checks.revision).flow_id, 'namespace', (describe_checks.revision).namespace, 'revision', (describe_checks.revision).revision),
    'checks', case when describe_checks.is_asked then coalesce(r.checks, '[]') else '[]' end,
    'definitions', coalesce(r.inputs, '[]'),
    'variables', coalesce(r.variables, '{}'),
    'inputs', describe_checks.inputs,
    'problems', describe_checks.problems,
    'isComplete', not describe_checks.is_asked or not exists (
      select
      from json_array_elements(r.inputs) as i (input)
      where (i.input ->> 'isDeferred')::boolean
        or (i.input ->> 'isTemplated')::boolean and describe_checks.inputs #> string_to_array(i.input ->> 'id', '.') is null
    )
  )
  from json_to_record((describe_checks.revision).definition) as r (checks json, inputs json, variables json);
$$;

comment on function reprise_engine.describe_checks is
  'What whoever can render templates needs to find out about inputs and to judge the checks of a flow: {"flow", "checks", "definitions", '
  '"variables", "inputs", "problems", "isComplete"}. isComplete: whether no input waits for what a worker has to find out.';
