create or replace function reprise_api.pause_execution(execution_id uuid, actor text default null)
returns reprise.executions
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_execution reprise.executions := reprise_engine.lock_execution(execution_id);
begin
  if v_execution.is_held or v_execution.is_scheduled or v_execution.state not in ('CREATED', 'RUNNING', 'RESTARTED', 'PAUSED') then
    raise exception 'Execution % is %, and cannot be paused.', v_execution.id, v_execution.state
      using errcode = 'RP409', detail = 'execution_not_running', hint = 'Only what is running can be paused.';
  end if;

  perform reprise_engine.pause_executions(array[v_execution.id]);
  update reprise.executions as e set is_held = true where e.id = v_execution.id;
  perform reprise_engine.log_event(v_execution.id, format('Paused by %s.', reprise_engine.actor(actor)));
  perform reprise_engine.notify_executions(array[v_execution.id]);

  select * into v_execution from reprise.executions as e where e.id = v_execution.id;
  return v_execution;
end;
$$;

comment on function reprise_api.pause_execution is
  'Pauses an execution as a whole: what runs goes on to its end, nothing begins until somebody resumes it.';
