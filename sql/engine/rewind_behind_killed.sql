create or replace function reprise_engine.rewind_behind_killed(execution_id uuid, out redone bigint[], out opened bigint[])
language plpgsql volatile
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
declare
  v_behind record;
begin
  select * into v_behind from reprise_engine.find_behind_killed(execution_id);
  redone := v_behind.redone || v_behind.directories;
  opened := v_behind.opened;

  perform reprise_engine.remember_carried(v_behind.dropped, counts_own => true);
  perform reprise_engine.drop_task_runs(v_behind.dropped);
  if v_behind.redone <> '{}' then
    update reprise.subflows as s set child_attempt_number = 0 where s.task_run_id = any (v_behind.redone);
  end if;
  if v_behind.directories <> '{}' then
    perform reprise_engine.rewind_directories(v_behind.directories);
  end if;
end;
$$;

comment on function reprise_engine.rewind_behind_killed is
  'Takes what ran in an ended execution behind a Subflow whose child was killed back to where it begins, since it has read of that. Returns what is to run again, '
  'and the blocks that are to be opened again.';
