create or replace function reprise_engine.tg_task_runs__cascade()
returns trigger
language plpgsql volatile
set search_path = ''
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

  if exists (
    select
    from old_rows as o
    join reprise.replayed_task_runs as p on p.original_id = o.id
  ) then
    raise foreign_key_violation using message = 'A replay still names a task run that was to be deleted.';
  end if;

  return null;
end;
$$;

comment on function reprise_engine.tg_task_runs__cascade is 'Attempts, loops and pauses go with their task runs, unless a replay still names one of these.';
