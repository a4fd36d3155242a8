create or replace function reprise_api.restart_execution(execution_id uuid, actor text default null)
returns reprise.executions
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_execution reprise.executions := reprise_engine.lock_execution(execution_id);
begin
  if v_execution.ended_at is null then
    raise exception 'Execution % is %, and can be restarted only when it has ended.', v_execution.id, v_execution.state
      using errcode = 'RP409', detail = 'execution_not_ended', hint = 'Kill it first, or replay it as it is.';
  end if;
  if v_execution.is_finishing then
    raise exception 'Execution % has ended, and its afterExecution tasks still run.', v_execution.id
      using errcode = 'RP409', detail = 'execution_not_ended', hint = 'Wait for them, or replay it as it is.';
  end if;
  perform reprise_engine.assert_not_retried(v_execution);
  perform reprise_engine.find_runnable_revision(v_execution.namespace, v_execution.flow_id, v_execution.flow_revision);

  if not reprise_engine.go_on(v_execution) then
    raise exception 'Execution % ended as %: there is nothing to restart from.', v_execution.id, v_execution.state
      using errcode = 'RP409', detail = 'nothing_failed', hint = 'Replay it instead, from any task run.';
  end if;
  perform reprise_engine.log_restart(v_execution, format('Restarted by %s.', reprise_engine.actor(actor)));

  select * into v_execution from reprise.executions as e where e.id = v_execution.id;
  return v_execution;
end;
$$;

comment on function reprise_api.restart_execution is
  'Goes on with an ended execution from what failed or was killed in it: the same execution, new attempts, full retry budgets. It waits for no date any more. To keep the '
  'original as it is, replay it.';
