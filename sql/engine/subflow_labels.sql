create or replace function reprise_engine.subflow_labels(
  parent reprise.executions,
  flow_labels jsonb,
  inherits boolean,
  task_labels jsonb
)
returns jsonb
language sql stable
set search_path = ''
as $$
  -- The later one wins: what the flow says, what comes down, what the task says.
  select coalesce(subflow_labels.flow_labels, '{}')
    || coalesce((
      select jsonb_object_agg(l.key, l.value)
      from jsonb_each((subflow_labels.parent).labels) as l
      where starts_with(l.key, 'system.')
        or subflow_labels.inherits and not coalesce(subflow_labels.flow_labels, '{}') ? l.key
    ), '{}')
    || jsonb_build_object(
      'system.correlationId', coalesce((subflow_labels.parent).labels ->> 'system.correlationId', (subflow_labels.parent).id::text)
    )
    || reprise_engine.check_labels(subflow_labels.task_labels);
$$;

comment on function reprise_engine.subflow_labels is
  'The labels of a child: those of its flow, the system labels of its parent or all of them, and those of the task. All that hangs together '
  'has the id of the first of them as its system.correlationId.';
