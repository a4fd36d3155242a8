create or replace function reprise_engine.seal_upload(file_id uuid, size bigint, chunk_count integer)
returns reprise.files
language plpgsql volatile
set search_path = ''
as $$
declare
  v_file reprise.files;
begin
  update reprise.files as f
  set state = 'STORED', size = seal_upload.size, stored_size = found.stored_size, chunk_count = seal_upload.chunk_count
  from (
    select count(*) as count, coalesce(sum(length(c.data)), 0) as stored_size
    from reprise.file_chunks as c
    where c.file_id = seal_upload.file_id
  ) as found
  where f.id = seal_upload.file_id and f.state = 'WRITING' and f.uploaded_at is not null and found.count = seal_upload.chunk_count
  returning f.* into v_file;

  if not found then
    raise exception 'Upload % is not being written any more, or lost a part.', seal_upload.file_id
      using errcode = 'RP409', detail = 'file_not_writing', hint = 'Upload it again.';
  end if;
  return v_file;
end;
$$;

comment on function reprise_engine.seal_upload is 'Ends the writing of an upload: from now on it can be given as an input.';
