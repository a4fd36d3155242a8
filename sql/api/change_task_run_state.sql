create or replace function reprise_api.change_task_run_state(task_run_id bigint, state reprise.task_run_state, actor text default null)
returns reprise.executions
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_execution reprise.executions;
  v_run record;
  v_opened bigint[];
  v_behind record;
  v_unreached bigint[];
  v_open_again bigint[];
begin
  select r.execution_id, r.parent_id into v_run from reprise.task_runs as r where r.id = change_task_run_state.task_run_id;
  if not found then
    raise exception 'There is no task run %.', task_run_id
      using errcode = 'RP404', detail = 'task_run_not_found', hint = 'The task runs of an execution have their ids in task_runs.';
  end if;
  v_execution := reprise_engine.lock_execution(v_run.execution_id);

  v_opened := reprise_engine.with_around(array[v_run.parent_id]);
  -- What a restart or a mark before had put off, and the execution did not come to, was not stopped either.
  select
    coalesce(array_agg(x.id) filter (where not onward.is_open), '{}'), coalesce(array_agg(x.id) filter (where onward.is_open), '{}')
  into v_unreached, v_open_again
  from reprise.task_runs as x
  cross join lateral (select reprise_engine.was_to_go_on(x) as is_open offset 0) as onward
  where x.execution_id = v_execution.id and x.state = 'CANCELLED' and not x.is_carried and not x.id = any (v_opened || change_task_run_state.task_run_id)
    and v_execution.state not in ('KILLED', 'CANCELLED');
  select
    r.id, r.parent_id, r.state, t.id as task_id, t.kind, around.kind as around,
    exists (
      select
      from reprise.task_runs as x
      join reprise.tasks as handler on handler.key = x.task_key
      where x.id = any (v_opened || r.id) and handler.is_handler
    ) as is_handler,
    exists (
      select
      from reprise.task_runs as x
      where x.execution_id = r.execution_id and x.state in ('KILLED', 'CANCELLED') and not x.id = any (v_opened || v_unreached || v_open_again || r.id)
        -- What a replay was to open again and did not come to was not stopped.
        and not (x.is_carried and not exists (select from reprise.blocks as b where b.task_run_id = x.id))
    ) as leaves_killed
  into v_run
  from reprise.task_runs as r
  join reprise.tasks as t on t.key = r.task_key
  left join reprise.tasks as around on around.key = t.parent_key
  where r.id = change_task_run_state.task_run_id;
  if change_task_run_state.state not in ('SUCCESS', 'WARNING', 'FAILED') then
    raise exception 'A task run cannot be marked as %.', change_task_run_state.state
      using errcode = 'RP422', detail = 'state_not_markable', hint = 'Mark it as SUCCESS, WARNING or FAILED.';
  elsif v_run.is_handler or v_run.kind in ('DEFAULTS', 'OUTPUTS', 'LOOP_OUTPUTS') or v_run.around = 'WORKING_DIRECTORY' then
    raise exception '`%` cannot be marked.', v_run.task_id
      using errcode = 'RP422', detail = 'task_run_not_markable',
        hint = 'What handles how something ended is run again by marking that; of a WorkingDirectory mark the block.';
  elsif v_execution.ended_at is null or v_execution.is_finishing then
    raise exception 'Execution % is %, and its task runs can be marked only when it has ended.', v_execution.id, v_execution.state
      using errcode = 'RP409', detail = 'execution_not_ended', hint = 'Kill it first, or wait for its end.';
  elsif v_run.leaves_killed then
    raise exception 'Execution % was stopped: other task runs of it were KILLED or CANCELLED.', v_execution.id
      using errcode = 'RP409', detail = 'killed_task_runs_left', hint = 'Restart it, which runs them again, or replay it.';
  elsif v_run.state = change_task_run_state.state then
    raise exception 'Task run % is % already.', v_run.id, v_run.state
      using errcode = 'RP409', detail = 'nothing_to_change', hint = 'Restart the execution, or replay it.';
  end if;
  perform reprise_engine.assert_not_retried(v_execution);
  perform reprise_engine.find_runnable_revision(v_execution.namespace, v_execution.flow_id, v_execution.flow_revision);

  -- What ran behind a child that was killed, which can only be one that this task run had started, runs again in its turn, if it comes to that.
  select * into v_behind from reprise_engine.rewind_behind_killed(v_execution.id);
  v_opened := v_opened || v_behind.opened || v_open_again;
  v_unreached := v_unreached || v_behind.redone;
  perform reprise_engine.reopen_blocks(v_execution.id, v_opened, v_run.id || v_unreached);
  perform reprise_engine.redo_task_runs(v_execution.id, v_unreached, v_run.id || v_opened);
  update reprise.task_runs as r
  set
    state = change_task_run_state.state, ended_at = reprise_engine.clock(),
    marked_by = reprise_engine.actor(actor), worked_until = coalesce(r.worked_until, r.ended_at)
  where r.id = v_run.id;

  perform reprise_engine.revive_execution(v_execution);
  perform reprise_engine.start_executions(array[v_execution.id]);
  perform reprise_engine.log_event(
    v_execution.id,
    format('`%s` was marked as %s, having been %s, by %s.', v_run.task_id, change_task_run_state.state, v_run.state, reprise_engine.actor(actor))
  );
  perform reprise_engine.notify_executions(array[v_execution.id]);

  select * into v_execution from reprise.executions as e where e.id = v_execution.id;
  return v_execution;
end;
$$;

comment on function reprise_api.change_task_run_state is
  E'Says of a task run of an ended execution how it shall have ended, and goes on from there: the same execution, without running that task again.\n\n'
  'state: SUCCESS, WARNING or FAILED. What handled its failure is gone, and what stands behind it runs, again where it had read '
  'that a child was killed; other failures stay.';
