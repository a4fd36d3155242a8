create or replace function reprise_engine.needs_checks(execution_id uuid)
returns boolean
language sql stable
set search_path = ''
as $$
  select not e.is_checked from reprise.executions as e where e.id = needs_checks.execution_id;
$$;

comment on function reprise_engine.needs_checks is
  'Whether the checks of its flow are still to be evaluated for an execution, or were as it was created; a replay may have been let in with its original.';
