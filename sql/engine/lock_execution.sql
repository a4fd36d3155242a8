create or replace function reprise_engine.lock_execution(execution_id uuid)
returns reprise.executions
language plpgsql volatile
set search_path = ''
set enable_seqscan = off -- a plan that was made when there were few executions stays in use when there are many
as $$
begin
  perform from reprise.executions as e where e.id = lock_execution.execution_id for no key update;
  return reprise_engine.find_execution(lock_execution.execution_id);
end;
$$;

comment on function reprise_engine.lock_execution is
  'Locks an execution and returns it as it is then; raises RP404 when there is none. Every change of an execution or its task runs begins '
  'here, executions in the order of their ids.';
