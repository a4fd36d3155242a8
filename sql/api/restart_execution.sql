create or replace function reprise_api.restart_execution(execution_id uuid, actor text default null)
returns reprise.executions
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_execution reprise.executions := reprise_engine.lock_execution(execution_id);
  v_restarted bigint[];
  v_slas jsonb;
begin
  if v_execution.ended_at is null then
    raise exception 'Execution % is %, and can be restarted only when it has ended.', v_execution.id, v_execution.state
      using errcode = 'RP409', detail = 'execution_not_ended', hint = 'Kill it first, or replay it as it is.';
  end if;
  if v_execution.is_finishing then
    raise exception 'Execution % has ended, and its afterExecution tasks still run.', v_execution.id
      using errcode = 'RP409', detail = 'execution_not_ended', hint = 'Wait for them, or replay it as it is.';
  end if;
  perform reprise_engine.find_runnable_revision(v_execution.namespace, v_execution.flow_id, v_execution.flow_revision);

  select r.definition -> 'sla' into v_slas
  from reprise.flow_revisions as r
  where r.namespace = v_execution.namespace and r.flow_id = v_execution.flow_id and r.revision = v_execution.flow_revision;

  v_restarted := reprise_engine.reopen_failed(v_execution.id);
  if v_restarted = '{}' and v_execution.state in ('SUCCESS', 'WARNING') then
    raise exception 'Execution % ended as %: there is nothing to restart from.', v_execution.id, v_execution.state
      using errcode = 'RP409', detail = 'nothing_failed', hint = 'Replay it instead, from any task run.';
  end if;

  update reprise.executions as e
  set
    state = 'RESTARTED', attempt_number = e.attempt_number + 1, outputs = null, error = null,
    first_started_at = coalesce(e.first_started_at, e.started_at), started_at = null, killing_at = null, ended_at = null, is_held = false,
    queued_at = null, violated_slas = '{}', deadline_at = reprise_engine.first_deadline(v_slas, reprise_engine.clock()),
    past_states = e.past_states
      || case when e.started_at is null then '[]' else jsonb_build_array(jsonb_build_object('state', 'RUNNING', 'at', e.started_at)) end
      || case when e.killing_at is null then '[]' else jsonb_build_array(jsonb_build_object('state', 'KILLING', 'at', e.killing_at)) end
      || jsonb_build_array(
        jsonb_build_object('state', e.state, 'at', e.ended_at), jsonb_build_object('state', 'RESTARTED', 'at', reprise_engine.clock())
      ),
    labels = e.labels || '{"system.restarted": "true"}',
    verdict = case
      when exists (
        select from reprise.task_runs as r where r.execution_id = e.id and r.state = 'WARNING' and r.parent_id is null
      ) then 'WARNING'
      else 'SUCCESS'
    end::reprise.execution_state
  where e.id = v_execution.id;

  perform reprise_engine.start_executions(array[v_execution.id]);
  -- Where the execution waits for a slot, or was refused one, they wait with it.
  perform reprise_engine.enqueue_task_runs(v_restarted)
  from reprise.executions as e
  where e.id = v_execution.id and e.state in ('RESTARTED', 'RUNNING');
  perform reprise_engine.log_event(v_execution.id, format('Restarted by %s.', reprise_engine.actor(actor)));
  perform reprise_engine.notify_executions(array[v_execution.id]);

  select * into v_execution from reprise.executions as e where e.id = v_execution.id;
  return v_execution;
end;
$$;

comment on function reprise_api.restart_execution is
  'Goes on with an ended execution from what failed or was killed in it: the same execution, new attempts, full retry budgets. To keep the '
  'original as it is, replay it.';
