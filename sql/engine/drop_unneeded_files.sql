create or replace function reprise_engine.drop_unneeded_files(file_ids uuid[])
returns void
language sql volatile
set search_path = ''
as $$
  delete from reprise.files as f
  where f.id = any (drop_unneeded_files.file_ids)
    and not exists (select from reprise.file_references as x where x.file_id = f.id)
    and not exists (select from reprise.input_files as x where x.file_id = f.id offset 0)
    and not exists (select from reprise.task_cache_files as x where x.file_id = f.id);
$$;

comment on function reprise_engine.drop_unneeded_files is 'Deletes those of these files that no attempt and no task cache names.';
