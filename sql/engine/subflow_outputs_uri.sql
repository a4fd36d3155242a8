create or replace function reprise_engine.subflow_outputs_uri(task_run_id bigint)
returns text
language sql stable
set search_path = ''
as $$
  select format(
    '/%s/%s/executions/%s/tasks/%s/%s', replace(e.namespace, '.', '/'), lower(regexp_replace(e.flow_id, '[^A-Za-z0-9]+', '-', 'g')),
    e.id, lower(regexp_replace(t.id, '[^A-Za-z0-9]+', '-', 'g')), r.id
  )
  from reprise.task_runs as r
  join reprise.executions as e on e.id = r.execution_id
  join reprise.tasks as t on t.key = r.task_key
  where r.id = subflow_outputs_uri.task_run_id;
$$;

comment on function reprise_engine.subflow_outputs_uri is 'What ForEachItem names as the place of the outputs of its children: the path of the folder of its task run, as in the URIs of its files.';
