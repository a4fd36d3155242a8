create or replace function reprise_engine.leave_queue(execution_ids uuid[], holding boolean)
returns void
language plpgsql volatile
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
declare
  v_now timestamptz := reprise_engine.clock();
begin
  update reprise.executions as e
  set state = 'RUNNING', started_at = v_now, is_scheduled = false, holds_slot = leave_queue.holding
  where e.id = any (leave_queue.execution_ids);

  -- One that was restarted has task runs that wait already.
  perform reprise_engine.enqueue_task_runs(reprise_engine.find_waiting(leave_queue.execution_ids));
  perform reprise_engine.start_executions(leave_queue.execution_ids);
end;
$$;

comment on function reprise_engine.leave_queue is
  'Executions that waited for a slot or for their date go on, whether there is a slot or not. The caller holds their locks.';
