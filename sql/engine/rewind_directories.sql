create or replace function reprise_engine.rewind_directories(block_ids bigint[])
returns void
language plpgsql volatile
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
declare
  v_handlers bigint[];
begin
  perform reprise_engine.reset_children(block_ids, 'RESTARTED');
  v_handlers := array(
    select r.id
    from (select r.id, r.task_key from reprise.task_runs as r where r.parent_id = any (rewind_directories.block_ids) offset 0) as r
    cross join lateral (select from reprise.tasks as t where t.key = r.task_key and t.is_handler offset 0) as t
  );
  perform reprise_engine.remember_carried(v_handlers, counts_own => true);
  perform reprise_engine.drop_task_runs(v_handlers);
end;
$$;

comment on function reprise_engine.rewind_directories is
  'WorkingDirectories of an ended execution are to run again: what has run in them waits until they come to it, and what handled how they ended is gone.';
