create or replace function reprise_engine.find_secret_inputs(namespace text, flow_id text, revision integer default null)
returns json
language sql stable
set search_path = ''
as $$
  select coalesce(json_agg(i.input), '[]')
  from reprise.flows as f
  join reprise.flow_revisions as r
    on r.namespace = f.namespace and r.flow_id = f.id and r.revision = coalesce(find_secret_inputs.revision, f.latest_revision)
  cross join json_array_elements(r.definition -> 'inputs') as i (input)
  where f.namespace = find_secret_inputs.namespace and f.id = find_secret_inputs.flow_id and i.input ->> 'type' = 'SECRET';
$$;

comment on function reprise_engine.find_secret_inputs is
  'The inputs of a flow that are secrets, for a worker that is about to start it and has the key.';
