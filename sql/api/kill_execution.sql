create or replace function reprise_api.kill_execution(execution_id uuid, actor text default null)
returns reprise.executions
language plpgsql volatile security definer
set search_path = ''
set enable_seqscan = off -- a plan that was made when there were few executions stays in use when there are many
as $$
declare
  v_execution reprise.executions := reprise_engine.find_execution(execution_id);
begin
  if v_execution.id <> all (reprise_engine.kill_executions(array[v_execution.id], reprise_engine.actor(actor))) then
    v_execution := reprise_engine.find_execution(execution_id);
    raise exception 'Execution % has already ended as %.', v_execution.id, v_execution.state
      using errcode = 'RP409', detail = 'execution_ended', hint = 'There is nothing left of it to stop.';
  end if;

  select * into v_execution from reprise.executions as e where e.id = v_execution.id;
  return v_execution;
end;
$$;

comment on function reprise_api.kill_execution is
  'Kills an execution and the executions that it has started: what waits does not start, what runs is stopped within about a second, and '
  'then it is KILLED.';
