create or replace function reprise_engine.tg_task_runs__refer()
returns trigger
language plpgsql volatile
set search_path = ''
set enable_seqscan = off
as $$
begin
  if exists (
    select
    from (select distinct n.execution_id from new_rows as n) as named
    where not exists (select from reprise.executions as e where e.id = named.execution_id)
  ) or exists (
    select
    from (select distinct n.task_key from new_rows as n) as named
    where not exists (select from reprise.tasks as t where t.key = named.task_key)
  ) or exists (
    select
    from new_rows as n
    where n.carried_attempt_id is not null
      and not exists (select from reprise.attempts as a where a.id = n.carried_attempt_id)
  ) then
    raise foreign_key_violation using message = 'A task run names an execution, a task or an attempt that does not exist.';
  end if;

  return null;
end;
$$;

comment on function reprise_engine.tg_task_runs__refer is 'Holds the references of new task runs, a whole statement at once.';
