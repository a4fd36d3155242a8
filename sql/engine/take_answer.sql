create or replace function reprise_engine.take_answer(task_run_id bigint, inputs json, refusal text default null, answer text default null)
returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_execution reprise.executions := reprise_engine.lock_execution((select r.execution_id from reprise.task_runs as r where r.id = take_answer.task_run_id));
  v_pause reprise.pauses;
begin
  select p.* into v_pause
  from reprise.pauses as p
  join reprise.task_runs as r on r.id = p.task_run_id
  where p.task_run_id = take_answer.task_run_id and r.state = 'PAUSED'
    -- Another answer that has come meanwhile has a job of its own.
    and p.answer::text = coalesce(take_answer.answer, p.answer::text);
  if not found then
    return;
  end if;

  if take_answer.refusal is not null then
    update reprise.pauses as p set answer = null, answered_by = null where p.task_run_id = v_pause.task_run_id;
    perform reprise_engine.log_event(v_execution.id, format('Not resumed: %s', take_answer.refusal), 'ERROR');
  else
    perform reprise_engine.answer_pause(v_pause, take_answer.inputs, v_pause.answered_by, may_be_sealed => true, is_found => true);
  end if;
  perform reprise_engine.notify_executions(array[v_execution.id]);
end;
$$;

comment on function reprise_engine.take_answer is
  'A Pause that was answered goes on with what a worker has made of that; or, where that was refused, waits on, and the log says why. answer: as read_answer gave it; where somebody has given another meanwhile, nothing happens.';
