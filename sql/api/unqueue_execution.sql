create or replace function reprise_api.unqueue_execution(
  execution_id uuid,
  state reprise.execution_state default 'RUNNING',
  actor text default null
)
returns reprise.executions
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_execution reprise.executions := reprise_engine.lock_execution(execution_id);
  v_state reprise.execution_state := coalesce(state, 'RUNNING');
  v_actor text := reprise_engine.actor(actor);
begin
  if v_state not in ('RUNNING', 'CANCELLED', 'FAILED') then
    raise exception 'An execution is taken out of the queue to be RUNNING, CANCELLED or FAILED, not %.', v_state
      using errcode = 'RP422', detail = 'invalid_state', hint = 'Kill it to have it KILLED.';
  elsif v_execution.state <> 'QUEUED' then
    raise exception 'Execution % is %, not QUEUED.', v_execution.id, v_execution.state
      using errcode = 'RP409', detail = 'execution_not_queued', hint = 'Only what waits for a slot of its flow can be taken out of the queue.';
  end if;

  perform reprise_engine.log_event(v_execution.id, format('Taken out of the queue by %s.', v_actor));
  if v_state = 'RUNNING' then
    perform reprise_engine.leave_queue(array[v_execution.id], holding => true);
  else
    perform reprise_engine.end_executions(
      array[v_execution.id], v_state,
      jsonb_build_object('reason', 'unqueued', 'message', format('%s took it out of the queue before it began.', v_actor))
    );
    perform reprise_engine.notify_executions(array[v_execution.id]);
  end if;

  select * into v_execution from reprise.executions as e where e.id = v_execution.id;
  return v_execution;
end;
$$;

comment on function reprise_api.unqueue_execution is
  'Takes an execution out of the queue of its flow: it starts now, over the limit, or ends as CANCELLED or FAILED without having run.';
