create or replace function reprise_engine.tg_replayed_task_runs__refer()
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
    from new_rows as n
    where not exists (select from reprise.tasks as t where t.key = n.task_key)
      or not exists (select from reprise.task_runs as r where r.id = n.original_id)
  ) then
    raise foreign_key_violation using message = 'A replay names an execution, a task or a task run that does not exist.';
  end if;

  return null;
end;
$$;

comment on function reprise_engine.tg_replayed_task_runs__refer is
  'Holds the references of what replays remember of their originals, a whole statement at once.';
