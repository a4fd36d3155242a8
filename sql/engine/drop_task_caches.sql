create or replace function reprise_engine.drop_task_caches(cache_ids bigint[])
returns integer
language plpgsql volatile
set search_path = ''
as $$
declare
  v_files uuid[];
  v_dropped integer;
begin
  select coalesce(array_agg(distinct f.file_id), '{}') into v_files
  from reprise.task_cache_files as f
  where f.task_cache_id = any (drop_task_caches.cache_ids);
  delete from reprise.task_caches as c where c.id = any (drop_task_caches.cache_ids);
  get diagnostics v_dropped = row_count;
  perform reprise_engine.drop_unneeded_files(v_files);
  return v_dropped;
end;
$$;

comment on function reprise_engine.drop_task_caches is 'Drops task caches, and the files that nobody else needs. Returns how many.';
