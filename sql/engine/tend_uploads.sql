create or replace function reprise_engine.tend_uploads(batch integer default 1000)
returns integer
language sql volatile
set search_path = ''
as $$
  with forgotten as (
    delete from reprise.files as f
    where f.id = any (array(
      select u.id
      from reprise.files as u
      where u.uploaded_at < reprise_engine.clock() - interval '1 day'
        -- One that outputs name belongs to their attempts.
        and not exists (select from reprise.file_references as x where x.file_id = u.id)
        and not exists (select from reprise.input_files as x where x.file_id = u.id)
      order by u.uploaded_at
      limit tend_uploads.batch
      for update skip locked
    ))
    returning f.id
  )
  select count(*)::integer from forgotten;
$$;

comment on function reprise_engine.tend_uploads is
  'Deletes files that were uploaded a day ago, and that no execution has come to have. Returns how many.';
