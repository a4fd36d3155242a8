create or replace function reprise_engine.reopen_failed(execution_id uuid)
returns bigint[]
language plpgsql volatile
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
declare
  -- Those of blocks that had ended and are not opened again are left alone.
  v_handled bigint[] := reprise_engine.find_handled(execution_id);
  v_directories bigint[] := reprise_engine.find_broken_directories(execution_id, v_handled);
  v_behind record;
  v_opened bigint[];
  v_emptied bigint[];
  v_redone bigint[];
begin
  -- The kill of a child stops nothing at the top of a flow: what ran behind it has read how it ended, and runs again behind it.
  select * into v_behind from reprise_engine.rewind_behind_killed(execution_id);
  if v_directories <> '{}' then
    perform reprise_engine.rewind_directories(v_directories);
  end if;

  v_opened := v_behind.opened || array(
    select unnest(reprise_engine.find_reopened(execution_id, v_handled, v_directories)) except select unnest(v_behind.redone)
  );

  -- A loop that has failed by itself, or was killed over its condition, counts from the start; so does a Pause wait. A Switch that has
  -- failed so chooses anew, and has run nothing but what it runs finally.
  v_emptied := array(
    select r.id
    from (
      select block.id, block.task_key
      from reprise.task_runs as block
      where block.execution_id = reopen_failed.execution_id and block.state in ('FAILED', 'KILLED', 'CANCELLED', 'RETRIED')
        and block.id <> all (v_opened || v_handled)
      offset 0
    ) as block
    cross join lateral (
      select from reprise.tasks as loop where loop.key = block.task_key and loop.kind in ('LOOP_UNTIL', 'PAUSE', 'SWITCH') offset 0
    ) as loop
    cross join lateral (select r.id from reprise.task_runs as r where r.parent_id = block.id offset 0) as r
  );
  perform reprise_engine.remember_carried(v_emptied, counts_own => true);
  perform reprise_engine.drop_task_runs(v_emptied);

  v_redone := v_directories || v_behind.redone || array(
    select r.id
    from reprise.task_runs as r
    where r.execution_id = reopen_failed.execution_id and r.state in ('FAILED', 'KILLED', 'CANCELLED', 'RETRIED')
  );
  perform reprise_engine.reopen_blocks(reopen_failed.execution_id, v_opened, v_redone);
  return reprise_engine.redo_task_runs(execution_id, array(select unnest(v_redone) except select unnest(v_handled)), v_opened);
end;
$$;

comment on function reprise_engine.reopen_failed is
  'Takes an ended execution back to where it failed: what failed waits again, and what ran behind a child that was killed; the blocks around it run again without '
  'anything open, and what handled the failures is gone. Returns what waits and whose turn it is.';
