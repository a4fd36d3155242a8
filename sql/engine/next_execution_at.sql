create or replace function reprise_engine.next_execution_at(task reprise.tasks, task_run_id bigint, now timestamptz)
returns timestamptz
language plpgsql stable
set search_path = ''
as $$
declare
  v_line record;
  v_at timestamptz;
begin
  -- What a flow runs after an execution changes nothing about how that has ended.
  if task.is_after then
    return null;
  end if;
  select e.try, coalesce(e.first_tried_at, e.created_at) as began_at into v_line
  from reprise.executions as e
  where e.id = (select r.execution_id from reprise.task_runs as r where r.id = next_execution_at.task_run_id);

  v_at := now + reprise_engine.retry_delay(task.retry, v_line.try);
  if v_line.try >= (task.retry ->> 'maxAttempts')::numeric
    or v_at > v_line.began_at + (task.retry ->> 'maxDurationMs')::double precision * interval '1 millisecond'
  then
    return null;
  end if;
  return v_at;
end;
$$;

comment on function reprise_engine.next_execution_at is
  'When a new execution may take the place of the one in which a task has failed, by the retry of the task; null when its budget is used up. '
  'It counts executions, from the first that no retry has created, or its last restart: one budget, whichever of their tasks fail.';
