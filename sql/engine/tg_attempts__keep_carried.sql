create or replace function reprise_engine.tg_attempts__keep_carried()
returns trigger
language plpgsql volatile
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
begin
  if exists (
    select
    from old_rows as o
    join reprise.task_runs as r on r.carried_attempt_id = o.id
  ) then
    raise foreign_key_violation using message = 'A replay still carries an attempt that was to be deleted.';
  end if;

  return null;
end;
$$;

comment on function reprise_engine.tg_attempts__keep_carried is 'An attempt stays while a task run carries it.';
