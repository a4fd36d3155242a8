create or replace function reprise_engine.judge_outcome(
  task reprise.tasks,
  outcome reprise.task_run_state,
  task_run_id bigint,
  try integer,
  execution_state reprise.execution_state,
  is_ending boolean,
  now timestamptz,
  out state reprise.task_run_state,
  out retry_at timestamptz
)
language plpgsql stable
set search_path = ''
as $$
begin
  state := outcome;
  if outcome = 'RUNNING' then
    -- A block that has found out what to run while its execution was being killed, or ended.
    state := 'KILLED';
    return;
  end if;

  if outcome = 'FAILED' and task.retry is not null then
    if task.retry ->> 'behavior' = 'CREATE_NEW_EXECUTION' then
      retry_at := reprise_engine.next_execution_at(task, task_run_id, now);
    else
      retry_at := reprise_engine.next_retry_at(task.retry, task_run_id, try, now);
    end if;
    if retry_at is not null and (execution_state = 'KILLING' or is_ending) then
      -- The kill, or the Exit, takes the tries that it had left, as it does from one that waits for its next: it has not come to its own end.
      state := 'KILLED';
      retry_at := null;
      return;
    elsif retry_at is not null then
      state := case when task.retry ->> 'behavior' = 'CREATE_NEW_EXECUTION' then 'RETRIED' else 'RETRYING' end;
      return;
    end if;
  end if;

  if outcome = 'FAILED' and task.allow_failure then
    state := 'WARNING';
  elsif outcome = 'SUCCESS' and (task.retry ->> 'warningOnRetry')::boolean then
    state := 'WARNING';
  end if;

  if state = 'WARNING' and task.allow_warning then
    state := 'SUCCESS';
  end if;
end;
$$;

comment on function reprise_engine.judge_outcome is
  'What the outcome of an attempt makes of its task run: retried while the retry has budget left, in this execution or a new one, or killed '
  'then when its execution is or ends; failures and warnings allowed as the task says.';
