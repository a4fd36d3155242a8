create or replace function reprise_engine.go_on(execution reprise.executions)
returns boolean
language plpgsql volatile
set search_path = ''
as $$
declare
  v_restarted bigint[] := reprise_engine.reopen_failed(execution.id);
begin
  -- What runs again in lanes waits for its block to open them, and is not among these.
  if execution.state in ('SUCCESS', 'WARNING') and v_restarted = '{}' and not exists (
    select
    from (select r.state from reprise.task_runs as r where r.execution_id = go_on.execution.id offset 0) as r
    where r.state = 'RESTARTED'
  ) then
    return false;
  end if;

  perform reprise_engine.revive_execution(execution);
  perform reprise_engine.start_executions(array[execution.id]);
  -- Where the execution waits for a slot, or was refused one, they wait with it.
  perform reprise_engine.enqueue_task_runs(reprise_engine.stop_at_breakpoints(v_restarted))
  from reprise.executions as e
  where e.id = go_on.execution.id and e.state in ('RESTARTED', 'RUNNING');
  if execution.is_asserted then
    perform reprise_engine.enqueue_assertions(array[execution.id]);
  end if;
  perform reprise_engine.notify_executions(array[execution.id]);
  return true;
end;
$$;

comment on function reprise_engine.go_on is
  'Restarts an ended execution from what failed or was killed in it; false where it ended well and there is nothing. The caller holds its lock.';
