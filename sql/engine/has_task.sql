create or replace function reprise_engine.has_task(execution reprise.executions, task_id text)
returns boolean
language sql stable
set search_path = ''
as $$
  select exists (
    select
    from reprise.tasks as t
    where t.namespace = has_task.execution.namespace and t.flow_id = has_task.execution.flow_id
      and t.revision = has_task.execution.flow_revision and t.id = has_task.task_id and not t.is_disabled
  );
$$;

comment on function reprise_engine.has_task is 'Whether the revision of an execution has this task, enabled.';
