create or replace function reprise_engine.tg_task_runs__refer()
returns trigger
language plpgsql volatile
set search_path = ''
set join_collapse_limit = 1
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set enable_bitmapscan = off
set enable_hashjoin = off
set enable_mergejoin = off
set enable_material = off
as $$
begin
  if exists (
    select
    from (select distinct n.execution_id from new_rows as n) as n
    left join reprise.executions as e on e.id = n.execution_id
    where e.id is null
  ) or exists (
    select
    from new_rows as n
    left join reprise.tasks as t on t.key = n.task_key
    left join reprise.attempts as a on a.id = n.carried_attempt_id
    where t.key is null or n.carried_attempt_id is not null and a.id is null
  ) then
    raise foreign_key_violation using message = 'A task run names an execution, a task or an attempt that does not exist.';
  end if;

  return null;
end;
$$;

comment on function reprise_engine.tg_task_runs__refer is 'Holds the references of new task runs, a whole statement at once.';
