create or replace function reprise_engine.pause_executions(execution_ids uuid[], state reprise.execution_state default 'PAUSED')
returns void
language sql volatile
set search_path = ''
as $$
  update reprise.executions as e
  set
    state = pause_executions.state,
    first_started_at = coalesce(e.first_started_at, e.started_at),
    started_at = null,
    past_states = e.past_states
      || case when e.started_at is null then '[]' else jsonb_build_array(jsonb_build_object('state', 'RUNNING', 'at', e.started_at)) end
      || jsonb_build_array(jsonb_build_object('state', pause_executions.state, 'at', reprise_engine.clock()))
  where e.id = any (pause_executions.execution_ids) and e.state in ('CREATED', 'RUNNING', 'RESTARTED');
$$;

comment on function reprise_engine.pause_executions is
  'Executions show from now on that they are paused, as a whole or somewhere, or stand at a breakpoint. The caller holds their locks.';
