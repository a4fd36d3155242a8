create or replace function reprise_engine.settle_executions(execution_ids uuid[])
returns void
language plpgsql volatile
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
begin
  update reprise.executions as e
  set is_finishing = false
  where e.id = any (settle_executions.execution_ids) and e.is_finishing;
end;
$$;

comment on function reprise_engine.settle_executions is
  'What follows when executions are over for good, with what their flows run after them. Holds their locks and may take no other: who waits '
  'for them is told by a job.';
