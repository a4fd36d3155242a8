create or replace function reprise_engine.tg_replayed_task_runs__refer()
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
    from new_rows as n
    left join reprise.executions as e on e.id = n.execution_id
    left join reprise.tasks as t on t.key = n.task_key
    left join reprise.task_runs as r on r.id = n.original_id
    where e.id is null or t.key is null or r.id is null
  ) then
    raise foreign_key_violation using message = 'A replay names an execution, a task or a task run that does not exist.';
  end if;

  return null;
end;
$$;

comment on function reprise_engine.tg_replayed_task_runs__refer is 'Holds the references of what replays remember of their originals, a whole statement at once.';
