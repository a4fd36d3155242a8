create or replace function reprise_engine.schedule_executions(execution_ids uuid[])
returns void
language plpgsql volatile
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
begin
  update reprise.executions as e set is_scheduled = true where e.id = any (schedule_executions.execution_ids);
  perform reprise_engine.enqueue_starts(schedule_executions.execution_ids);
end;
$$;

comment on function reprise_engine.schedule_executions is 'Lets executions wait for their schedule date: they take no slot before it.';
