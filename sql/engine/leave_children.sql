create or replace function reprise_engine.leave_children(worker_id integer, attempt_id bigint)
returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_now timestamptz := reprise_engine.clock();
  v_execution_id uuid;
  v_block_id bigint;
  v_gone bigint[];
begin
  -- Lock, also against a replay that is being made and may name what is withdrawn.
  select e.id into v_execution_id
  from reprise.attempts as a
  join reprise.task_runs as r on r.id = a.task_run_id
  join reprise.executions as e on e.id = r.execution_id
  where a.id = leave_children.attempt_id
  for update of e;

  -- Guard.
  select a.task_run_id into v_block_id
  from reprise.attempts as a
  where a.id = leave_children.attempt_id and a.state = 'RUNNING' and a.worker_id = leave_children.worker_id;
  if not found then
    return;
  end if;

  -- Change: what was begun to be asked whether it runs, and could not be asked, has not begun.
  with withdrawn as (
    delete from reprise.attempts as a
    using reprise.task_runs as r, reprise.tasks as t
    where r.parent_id = v_block_id and r.state = 'RUNNING' and t.key = r.task_key and t.branch = 'tasks'
      and a.task_run_id = r.id and a.number = r.attempt_number and a.state = 'RUNNING'
    returning a.task_run_id
  ), waiting as (
    update reprise.task_runs as r
    set state = 'CREATED', attempt_number = r.attempt_number - 1, try = 0
    from withdrawn as w
    where r.id = w.task_run_id
    returning r.id
  )
  select coalesce(array_agg(w.id), '{}') into v_gone
  from waiting as w
  where not exists (
    select
    from reprise.attempts as a
    join reprise.task_runs as r on r.id = a.task_run_id
    where a.task_run_id = w.id and a.number < r.attempt_number
  );
  perform reprise_engine.release_task_runs(v_gone);
  delete from reprise.task_runs as r where r.id = any (v_gone);

  -- And what had begun in an earlier attempt of the block is not come to in this one.
  update reprise.task_runs as r
  set state = 'CANCELLED', ended_at = v_now
  from reprise.tasks as t
  where r.parent_id = v_block_id and t.key = r.task_key and t.branch = 'tasks' and r.state in ('CREATED', 'RESTARTED');

  -- Notify.
  perform reprise_engine.notify_executions(array[v_execution_id]);
end;
$$;

comment on function reprise_engine.leave_children is
  'A worker leaves a WorkingDirectory before its last task: what it has begun and not run is withdrawn, and what waits since an earlier '
  'attempt of the block is CANCELLED. For an attempt of a block that is not held any more nothing changes.';
