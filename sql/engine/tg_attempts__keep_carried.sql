create or replace function reprise_engine.tg_attempts__keep_carried()
returns trigger
language plpgsql volatile
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
begin
  if exists (
    select from reprise.task_runs as r where r.carried_attempt_id = any (array(select o.id from old_rows as o))
  ) then
    raise foreign_key_violation using message = 'A replay still carries an attempt that was to be deleted.';
  end if;

  return null;
end;
$$;

comment on function reprise_engine.tg_attempts__keep_carried is 'An attempt stays while a task run carries it.';
