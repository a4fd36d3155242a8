create or replace function reprise_engine.go_on(execution reprise.executions)
returns boolean
language plpgsql volatile
set search_path = ''
as $$
declare
  v_restarted bigint[] := reprise_engine.reopen_failed(execution.id);
  v_slas jsonb;
begin
  if v_restarted = '{}' and execution.state in ('SUCCESS', 'WARNING') then
    return false;
  end if;

  select r.definition -> 'sla' into v_slas
  from reprise.flow_revisions as r
  where r.namespace = execution.namespace and r.flow_id = execution.flow_id and r.revision = execution.flow_revision;

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
  where e.id = execution.id;

  perform reprise_engine.start_executions(array[execution.id]);
  -- Where the execution waits for a slot, or was refused one, they wait with it.
  perform reprise_engine.enqueue_task_runs(v_restarted)
  from reprise.executions as e
  where e.id = go_on.execution.id and e.state in ('RESTARTED', 'RUNNING');
  perform reprise_engine.notify_executions(array[execution.id]);
  return true;
end;
$$;

comment on function reprise_engine.go_on is
  'Restarts an ended execution from what failed or was killed in it; false where it ended well and there is nothing. The caller holds its lock.';
