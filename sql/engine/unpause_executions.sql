create or replace function reprise_engine.unpause_executions(execution_ids uuid[])
returns void
language sql volatile
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
  update reprise.executions as e
  set
    state = case when here.is_paused then 'PAUSED' else 'RUNNING' end::reprise.execution_state,
    started_at = case when not here.is_paused then reprise_engine.clock() end
  from unnest(unpause_executions.execution_ids) as given (id)
  cross join lateral (
    select exists (select from reprise.task_runs as r where r.execution_id = given.id and r.state = 'PAUSED') as is_paused
  ) as here
  where e.id = any (unpause_executions.execution_ids) and e.id = given.id and not e.is_held
    and (e.state = 'BREAKPOINT' or e.state = 'PAUSED' and not here.is_paused);
$$;

comment on function reprise_engine.unpause_executions is
  'Executions run again that nothing in them and nobody holds any more; what has left a breakpoint may still be paused. The caller holds '
  'their locks.';
