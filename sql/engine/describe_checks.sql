create or replace function reprise_engine.describe_checks(revision reprise.flow_revisions, inputs jsonb, problems jsonb, is_asked boolean)
returns jsonb
language sql stable
set search_path = ''
as $$
  select jsonb_build_object(
    'flow', jsonb_build_object('id', (describe_checks.revision).flow_id, 'namespace', (describe_checks.revision).namespace, 'revision', (describe_checks.revision).revision),
    'checks', case when describe_checks.is_asked then coalesce(r.definition -> 'checks', '[]') else '[]' end,
    'definitions', coalesce(r.definition -> 'inputs', '[]'),
    'variables', coalesce(r.definition -> 'variables', '{}'),
    'inputs', describe_checks.inputs,
    'problems', describe_checks.problems,
    'isComplete', not describe_checks.is_asked or not exists (
      select
      from jsonb_array_elements(r.definition -> 'inputs') as i (input)
      where (i.input ->> 'isDeferred')::boolean
        or (i.input ->> 'isTemplated')::boolean and describe_checks.inputs #> string_to_array(i.input ->> 'id', '.') is null
    )
  )
  from (select (describe_checks.revision).definition) as r;
$$;

comment on function reprise_engine.describe_checks is
  'What whoever can render templates needs to find out about inputs and to judge the checks of a flow: {"flow", "checks", "definitions", '
  '"variables", "inputs", "problems", "isComplete"}. isComplete: whether no input waits for what a worker has to find out.';
