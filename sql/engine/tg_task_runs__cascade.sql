create or replace function reprise_engine.tg_task_runs__cascade()
returns trigger
language plpgsql volatile
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
begin
  delete from reprise.attempts as a
  using old_rows as o
  where a.task_run_id = o.id;

  delete from reprise.loops as l
  using old_rows as o
  where l.task_run_id = o.id;

  delete from reprise.pauses as p
  using old_rows as o
  where p.task_run_id = o.id;

  -- Only where there are any: this trigger fires for none, too.
  if exists (select from old_rows as o join reprise.task_runs as r on r.parent_id = o.id) then
    delete from reprise.task_runs as r
    using old_rows as o
    where r.parent_id = o.id;
  end if;

  if exists (select from old_rows as o join reprise.replayed_task_runs as p on p.original_id = o.id)
    or exists (select from old_rows as o join reprise.task_runs as r on r.original_id = o.id)
  then
    raise foreign_key_violation using message = 'A replay still names a task run that was to be deleted.';
  end if;

  return null;
end;
$$;

comment on function reprise_engine.tg_task_runs__cascade is 'Attempts, loops, pauses and the task runs in a block go with their task runs, unless a replay still names one of these.';
