create or replace function reprise_engine.lock_execution(execution_id uuid)
returns reprise.executions
language plpgsql volatile
set search_path = ''
as $$
declare
  v_execution reprise.executions;
begin
  select * into v_execution
  from reprise.executions as e
  where e.id = lock_execution.execution_id and e.purged_at is null
  for no key update;

  if not found then
    raise exception 'There is no execution %.', lock_execution.execution_id
      using errcode = 'RP404', detail = 'execution_not_found', hint = 'Look it up with: reprise execution list.';
  end if;

  return v_execution;
end;
$$;

comment on function reprise_engine.lock_execution is
  'Locks an execution and returns it. Every change of an execution or its task runs begins here, executions in the order of their ids.';
