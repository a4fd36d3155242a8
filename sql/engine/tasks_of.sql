create or replace function reprise_engine.tasks_of(execution reprise.executions, revision integer)
returns table (task_id text, is_disabled boolean)
language sql stable
set search_path = ''
as $$
  select t.id, t.is_disabled
  from reprise.tasks as t
  where t.namespace = tasks_of.execution.namespace and t.flow_id = tasks_of.execution.flow_id and t.revision = tasks_of.revision
    and t.kind not in ('DEFAULTS', 'OUTPUTS');
$$;

comment on function reprise_engine.tasks_of is 'The tasks that a revision of the flow of an execution has.';
