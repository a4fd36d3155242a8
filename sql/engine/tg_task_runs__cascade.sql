create or replace function reprise_engine.tg_task_runs__cascade()
returns trigger
language plpgsql volatile
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
begin
  delete from reprise.attempts as a
  where a.task_run_id = any (array(select o.id from old_rows as o));

  delete from reprise.loops as l
  where l.task_run_id = any (array(select o.id from old_rows as o));

  delete from reprise.pauses as p
  where p.task_run_id = any (array(select o.id from old_rows as o));

  -- Only where there are any: this trigger fires for none, too.
  if exists (select from reprise.task_runs as r where r.parent_id = any (array(select o.id from old_rows as o))) then
    delete from reprise.task_runs as r
    where r.parent_id = any (array(select o.id from old_rows as o));
  end if;

  -- What follows one of them follows nothing any more.
  update reprise.task_runs as r
  set original_id = null
  where r.original_id = any (array(select o.id from old_rows as o));

  if exists (select from reprise.replayed_task_runs as p where p.original_id = any (array(select o.id from old_rows as o)))
  then
    raise foreign_key_violation using message = 'A replay still names a task run that was to be deleted.';
  end if;

  return null;
end;
$$;

comment on function reprise_engine.tg_task_runs__cascade is 'Attempts, loops, pauses and the task runs in a block go with their task runs, unless a replay still is to run one of these again; what follows them is let go.';
