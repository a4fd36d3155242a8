create or replace function reprise_engine.find_execution(execution_id uuid)
returns reprise.executions
language plpgsql stable
set search_path = ''
set enable_seqscan = off -- a plan that was made when there were few executions stays in use when there are many
as $$
declare
  v_execution reprise.executions;
begin
  select * into v_execution
  from reprise.executions as e
  where e.id = find_execution.execution_id and e.purged_at is null;

  if not found then
    raise exception 'There is no execution %.', find_execution.execution_id
      using errcode = 'RP404', detail = 'execution_not_found', hint = 'Look it up with: reprise execution list.';
  end if;

  return v_execution;
end;
$$;

comment on function reprise_engine.find_execution is 'Reads an execution without locking it. Raises RP404 when there is none.';
