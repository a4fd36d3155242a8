create or replace function reprise_api.kill_execution(execution_id uuid, actor text default null)
returns reprise.executions
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_now timestamptz := reprise_engine.clock();
  v_execution reprise.executions := reprise_engine.lock_execution(execution_id);
begin
  if v_execution.ended_at is not null then
    raise exception 'Execution % has already ended as %.', v_execution.id, v_execution.state
      using errcode = 'RP409', detail = 'execution_ended', hint = 'Replay it to run it again.';
  end if;

  update reprise.executions as e
  set state = 'KILLING', killing_at = coalesce(e.killing_at, v_now), is_scheduled = false
  where e.id = v_execution.id;
  update reprise.task_runs as r
  set state = 'KILLED', ended_at = v_now, retry_at = null
  where r.execution_id = v_execution.id and r.ended_at is null and r.state <> 'RUNNING';

  if v_execution.is_scheduled then
    perform graphile_worker.remove_job('start:' || v_execution.id);
  end if;
  perform reprise_engine.close_killed(array[v_execution.id]);
  perform reprise_engine.log_event(v_execution.id, format('Killed by %s.', reprise_engine.actor(actor)));
  perform reprise_engine.notify_executions(array[v_execution.id]);
  perform pg_notify('reprise_kill', v_execution.id::text);

  select * into v_execution from reprise.executions as e where e.id = v_execution.id;
  return v_execution;
end;
$$;

comment on function reprise_api.kill_execution is
  'Kills an execution: what waits does not start, what runs is stopped within about a second, and then it is KILLED.';
