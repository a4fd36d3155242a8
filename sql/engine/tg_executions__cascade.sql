create or replace function reprise_engine.tg_executions__cascade()
returns trigger
language plpgsql volatile
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
begin
  delete from reprise.replayed_task_runs as p
  where p.execution_id = any (array(select o.id from old_rows as o));

  delete from reprise.task_runs as r
  where r.execution_id = any (array(select o.id from old_rows as o));

  return null;
end;
$$;

comment on function reprise_engine.tg_executions__cascade is 'Task runs go with their executions.';
