create or replace function reprise_engine.tg_replayed_task_runs__refer()
returns trigger
language plpgsql volatile
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
declare
  v_named record;
begin
  select
    array_agg(distinct n.execution_id) as execution_ids,
    array_agg(distinct n.task_key) as task_keys,
    array_agg(distinct n.original_id) filter (where n.original_id is not null) as original_ids
  into v_named
  from new_rows as n;

  if cardinality(v_named.execution_ids)
      <> (select count(*) from reprise.executions as e where e.id = any (v_named.execution_ids))
    or cardinality(v_named.task_keys) <> (select count(*) from reprise.tasks as t where t.key = any (v_named.task_keys))
    or cardinality(v_named.original_ids) <> (select count(*) from reprise.task_runs as r where r.id = any (v_named.original_ids))
  then
    raise foreign_key_violation using message = 'A replay names an execution, a task or a task run that does not exist.';
  end if;

  return null;
end;
$$;

comment on function reprise_engine.tg_replayed_task_runs__refer is 'Holds the references of what replays remember of their originals, a whole statement at once.';
