create or replace function reprise_engine.close_executions(execution_ids uuid[])
returns void
language sql volatile
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
  update reprise.executions as e
  set state = case when e.state = 'KILLING' then 'KILLED' else e.verdict end, ended_at = now.at
  from reprise_engine.clock() as now (at)
  where e.id = any (close_executions.execution_ids) and e.ended_at is null;
$$;

comment on function reprise_engine.close_executions is 'Ends executions in the state of their verdict, or as KILLED when they are being killed.';
