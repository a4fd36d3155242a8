create or replace function reprise_engine.is_execution(execution_id uuid, namespace text, flow_id text)
returns boolean
language sql stable
set search_path = ''
as $$
  select exists (
    select
    from reprise.executions as e
    where e.id = is_execution.execution_id and e.namespace = is_execution.namespace and e.flow_id = is_execution.flow_id
      and e.purged_at is null
  );
$$;

comment on function reprise_engine.is_execution is
  'Whether there is an execution of a flow with this id.';
