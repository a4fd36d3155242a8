create or replace function reprise_engine.tg_replayed_task_runs__refer()
returns trigger
language plpgsql volatile
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
begin
  if exists (
    select
    from (select distinct n.execution_id from new_rows as n) as n
    where (select e.id from reprise.executions as e where e.id = n.execution_id) is null
  ) or exists (
    select
    from new_rows as n
    where (select t.key from reprise.tasks as t where t.key = n.task_key) is null
      or (select r.id from reprise.task_runs as r where r.id = n.original_id) is null
  ) then
    raise foreign_key_violation using message = 'A replay names an execution, a task or a task run that does not exist.';
  end if;

  return null;
end;
$$;

comment on function reprise_engine.tg_replayed_task_runs__refer is 'Holds the references of what replays remember of their originals, a whole statement at once.';
