create or replace function reprise_engine.tg_attempts__refer()
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
    left join reprise.task_runs as r on r.id = n.task_run_id
    left join reprise.workers as w on w.id = n.worker_id
    where r.id is null or n.worker_id is not null and w.id is null
  ) then
    raise foreign_key_violation using message = 'An attempt names a task run or a worker that does not exist.';
  end if;

  return null;
end;
$$;

comment on function reprise_engine.tg_attempts__refer is 'Holds the references of new attempts, a whole statement at once.';
