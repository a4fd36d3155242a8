create or replace function reprise_engine.tg_attempts__refer()
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
    array_agg(distinct n.task_run_id) as task_run_ids,
    array_agg(distinct n.worker_id) filter (where n.worker_id is not null) as worker_ids
  into v_named
  from new_rows as n;

  if cardinality(v_named.task_run_ids)
      <> (select count(*) from reprise.task_runs as r where r.id = any (v_named.task_run_ids))
    or cardinality(v_named.worker_ids) <> (select count(*) from reprise.workers as w where w.id = any (v_named.worker_ids))
  then
    raise foreign_key_violation using message = 'An attempt names a task run or a worker that does not exist.';
  end if;

  return null;
end;
$$;

comment on function reprise_engine.tg_attempts__refer is 'Holds the references of new attempts, a whole statement at once.';
