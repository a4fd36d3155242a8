create or replace function reprise_engine.tg_task_runs__refer()
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
      or n.carried_attempt_id is not null
      and (select a.id from reprise.attempts as a where a.id = n.carried_attempt_id) is null
  ) then
    raise foreign_key_violation using message = 'A task run names an execution, a task or an attempt that does not exist.';
  end if;

  return null;
end;
$$;

comment on function reprise_engine.tg_task_runs__refer is 'Holds the references of new task runs, a whole statement at once.';
