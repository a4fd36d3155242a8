create or replace function reprise_api.force_run_execution(execution_id uuid, actor text default null)
returns reprise.executions
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_execution reprise.executions := reprise_engine.lock_execution(execution_id);
begin
  if v_execution.ended_at is not null then
    raise exception 'Execution % has already ended as %.', v_execution.id, v_execution.state
      using errcode = 'RP409', detail = 'execution_ended', hint = 'Replay it to run it again.';
  elsif v_execution.state = 'PAUSED' then
    return reprise_api.resume_execution(v_execution.id, actor => force_run_execution.actor);
  elsif v_execution.state <> 'QUEUED' and not v_execution.is_scheduled then
    raise exception 'Execution % is %, and waits for nothing that could be passed over.', v_execution.id, v_execution.state
      using
        errcode = 'RP409', detail = 'execution_not_waiting',
        hint = case
          when v_execution.state = 'BREAKPOINT' then 'It stands at a breakpoint: resume it.'
          else 'Only what is paused, or waits for a slot or for its date, can be made to go on; all else does by itself, a retry and a loop when their time comes.'
        end;
  end if;

  perform reprise_engine.leave_queue(
    array[v_execution.id],
    holding => exists (
      select
      from reprise.flows as f
      where f.namespace = v_execution.namespace and f.id = v_execution.flow_id and f.concurrency_limit is not null
    )
  );
  if v_execution.is_scheduled then
    perform graphile_worker.remove_job('start:' || v_execution.id);
  end if;
  perform reprise_engine.log_event(v_execution.id, format('Made to start by %s.', reprise_engine.actor(actor)));

  select * into v_execution from reprise.executions as e where e.id = v_execution.id;
  return v_execution;
end;
$$;

comment on function reprise_api.force_run_execution is
  'Starts an execution now that waits for a slot of its flow or for its schedule date, over the limit and before the date; resumes one that '
  'is paused.';
