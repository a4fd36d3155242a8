create or replace function reprise_engine.retry_execution(execution_id uuid)
returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_execution reprise.executions;
  v_plan reprise.replay_plan;
  v_problem text;
  v_new reprise.executions;
begin
  -- Lock: itself, what it replays, and a parent that waits for the end of its line, which learns of a new child.
  perform
  from reprise.executions as e
  where e.id in (
    select unnest(array[own.id, own.root_id, r.execution_id])
    from reprise.executions as own
    left join reprise.task_runs as r on r.id = own.parent_task_run_id
    where own.id = retry_execution.execution_id
  )
  order by e.id
  for no key update;

  -- Guard and change: somebody may have killed it meanwhile, another job was first, or this one came early.
  update reprise.executions as e
  set retry_at = null
  where e.id = retry_execution.execution_id and e.retry_at <= reprise_engine.clock()
  returning * into v_execution;
  if not found then
    return;
  end if;

  begin
    v_plan := reprise_engine.plan_retry(v_execution);
    perform reprise_engine.assert_plan(v_plan, null, 'DOWNSTREAM', '{}');
    v_new := reprise_engine.create_replay(
      v_plan, v_plan.anchors @> '[{"anchor": "start"}]', '{}', v_execution.created_by,
      format('Try %s, since %s failed.', v_execution.try + 1, v_execution.id), null, null, is_retry => true
    );
  exception
    when sqlstate 'RP404' or sqlstate 'RP409' or sqlstate 'RP422' then
      v_problem := sqlerrm;
  end;

  -- Consequence.
  if v_problem is not null then
    perform reprise_engine.give_up_retry(array[v_execution.id], 'FAILED', jsonb_build_object('reason', 'not_retried', 'message', v_problem));
    perform reprise_engine.log_event(v_execution.id, format('No new execution takes its place: %s', v_problem), 'ERROR');
  else
    update reprise.subflows as s
    set execution_id = v_new.id
    where s.execution_id = v_execution.id and s.task_run_id = v_execution.parent_task_run_id
      -- Or it had been the last of its line, which somebody has restarted: what it had failed may go on when the line ends well.
      and (s.ended_state is null or s.attempt_number = (select r.attempt_number from reprise.task_runs as r where r.id = s.task_run_id));
    perform reprise_engine.log_event(
      v_execution.id,
      format('Created new execution [[link execution="%s" flowId="%s" namespace="%s"]]', v_new.id, v_new.flow_id, v_new.namespace)
    );
  end if;

  -- Notify.
  perform reprise_engine.notify_executions(array[v_execution.id]);
end;
$$;

comment on function reprise_engine.retry_execution is
  'Creates the execution that takes the place of one that is RETRIED, once its time has come: a replay from where that one had begun, and what has waited '
  'for the one waits for the other. Where that cannot be, the line ends there. Late or repeated, it changes nothing.';
