create or replace function reprise_engine.tg_attempts__refer()
returns trigger
language plpgsql volatile
set search_path = ''
set enable_seqscan = off
as $$
begin
  if exists (
    select
    from new_rows as n
    where not exists (select from reprise.task_runs as r where r.id = n.task_run_id)
  ) or exists (
    select
    from (select distinct n.worker_id from new_rows as n where n.worker_id is not null) as named
    where not exists (select from reprise.workers as w where w.id = named.worker_id)
  ) then
    raise foreign_key_violation using message = 'An attempt names a task run or a worker that does not exist.';
  end if;

  return null;
end;
$$;

comment on function reprise_engine.tg_attempts__refer is 'Holds the references of new attempts, a whole statement at once.';
