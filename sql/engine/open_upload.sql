create or replace function reprise_engine.open_upload(file_id uuid, uri text, name text, chunk_size integer)
returns reprise.files
language sql volatile
set search_path = ''
as $$
  insert into reprise.files (id, uri, name, chunk_size, created_at, uploaded_at)
  select open_upload.file_id, open_upload.uri, open_upload.name, open_upload.chunk_size, now.at, now.at
  from reprise_engine.clock() as now (at)
  returning *;
$$;

comment on function reprise_engine.open_upload is
  'Begins a file that somebody uploads for an execution that is yet to come. Nobody can read it before seal_upload.';
