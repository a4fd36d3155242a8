create or replace function reprise_engine.read_assertions(execution_id uuid)
returns json
language sql stable
set search_path = ''
as $$
  select json_build_object(
    'task', json_build_object('namespace', e.namespace, 'flow_id', e.flow_id, 'revision', e.flow_revision),
    -- As the attempt of a task would be, with nothing of a task.
    'begun', to_json(json_populate_record(null::reprise.begun_attempt, json_build_object(
      'execution_id', e.id, 'start_date', e.start_date, 'root_id', e.root_id, 'inputs', e.inputs, 'variables', e.variables,
      'labels', e.labels, 'trigger', e.trigger, 'outputs', reprise_engine.read_outputs(e.id, read.keys), 'execution_state', e.state
    ))),
    'assertions', (
      select json_agg(s.sla order by s.place)
      from json_array_elements(r.definition -> 'sla') with ordinality as s (sla, place)
      where (s.sla ->> 'isFollowed')::boolean and coalesce(s.sla ->> 'key', s.sla ->> 'id') <> all (e.violated_slas)
    )
  )
  from reprise.executions as e
  join reprise.flow_revisions as r on r.namespace = e.namespace and r.flow_id = e.flow_id and r.revision = e.flow_revision
  cross join lateral (
    -- The last step of the flow looks at all of them once more, and knows what they read.
    select case when t.reads_tasks is not null then t.reads_tasks end as keys
    from reprise.tasks as t
    where t.namespace = e.namespace and t.flow_id = e.flow_id and t.revision = e.flow_revision and t.kind = 'OUTPUTS'
  ) as read
  where e.id = read_assertions.execution_id and e.is_asserted and e.ended_at is null and e.state <> 'KILLING';
$$;

comment on function reprise_engine.read_assertions is
  'What the SLAs of an execution that runs assert, as far as it is not violated yet, and what their templates read; null when there is '
  'nothing to look at.';
