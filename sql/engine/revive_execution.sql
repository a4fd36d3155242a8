create or replace function reprise_engine.revive_execution(execution reprise.executions)
returns void
language plpgsql volatile
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
declare
  v_slas jsonb;
begin
  select (r.definition -> 'sla')::jsonb into v_slas
  from reprise.flow_revisions as r
  where r.namespace = execution.namespace and r.flow_id = execution.flow_id and r.revision = execution.flow_revision;

  update reprise.executions as e
  set
    -- The budget of a retry that creates new executions starts anew.
    try = 1, first_tried_at = reprise_engine.clock(),
    state = 'RESTARTED', attempt_number = e.attempt_number + 1, outputs = null, error = null,
    first_started_at = coalesce(e.first_started_at, e.started_at), started_at = null, killing_at = null, ended_at = null, is_held = false,
    has_orphans = false, exited_by = null, queued_at = null, violated_slas = '{}', deadline_at = reprise_engine.first_deadline(v_slas, reprise_engine.clock()),
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
  where e.id = revive_execution.execution.id;
end;
$$;

comment on function reprise_engine.revive_execution is
  'An ended execution goes on, as RESTARTED: what showed how it had ended is history. The caller holds its lock, and says what runs.';
