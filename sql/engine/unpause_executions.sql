create or replace function reprise_engine.unpause_executions(execution_ids uuid[])
returns void
language sql volatile
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
  update reprise.executions as e
  set
    state = case when e.is_held then 'BREAKPOINT' when here.is_paused then 'PAUSED' else 'RUNNING' end::reprise.execution_state,
    started_at = case when not here.is_paused and not e.is_held then now.at end,
    past_states = e.past_states
      || case when e.is_held then jsonb_build_array(jsonb_build_object('state', 'BREAKPOINT', 'at', now.at)) else '[]' end
  from unnest(unpause_executions.execution_ids) as given (id)
  cross join lateral (
    select
      coalesce(bool_or(r.state = 'PAUSED'), false) as is_paused, coalesce(bool_or(r.state = 'BREAKPOINT'), false) as is_stopped
    from reprise.task_runs as r
    where r.execution_id = given.id and r.state in ('PAUSED', 'BREAKPOINT')
  ) as here
  cross join reprise_engine.clock() as now (at)
  where e.id = any (unpause_executions.execution_ids) and e.id = given.id
    and (
      not e.is_held and (e.state = 'BREAKPOINT' or e.state = 'PAUSED' and not here.is_paused)
      -- What a Pause had run beside itself may stand at a breakpoint still.
      or e.is_held and e.state = 'PAUSED' and not here.is_paused and here.is_stopped
    );
$$;

comment on function reprise_engine.unpause_executions is
  'Executions run again that nothing in them and nobody holds any more; what has left a breakpoint may still be paused, and what is not paused '
  'any more may still stand at one. The caller holds their locks.';
