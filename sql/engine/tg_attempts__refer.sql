create or replace function reprise_engine.tg_attempts__refer()
returns trigger
language plpgsql volatile
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
begin
  if exists (
    select
    from new_rows as n
    where (select r.id from reprise.task_runs as r where r.id = n.task_run_id) is null
      or n.worker_id is not null and (select w.id from reprise.workers as w where w.id = n.worker_id) is null
  ) then
    raise foreign_key_violation using message = 'An attempt names a task run or a worker that does not exist.';
  end if;

  return null;
end;
$$;

comment on function reprise_engine.tg_attempts__refer is 'Holds the references of new attempts, a whole statement at once.';
