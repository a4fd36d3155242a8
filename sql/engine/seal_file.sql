create or replace function reprise_engine.seal_file(file_id uuid, size bigint, chunk_count integer)
returns reprise.files
language plpgsql volatile
set search_path = ''
as $$
declare
  v_file reprise.files;
  v_count integer;
  v_stored_size bigint;
begin
  select f.*
  into v_file
  from reprise.files f
  where f.id = seal_file.file_id;
  -- The attempt is locked before its file, here and in whatever ends it, so that neither waits for the other.
  perform reprise_engine.assert_attempt_stores(v_file.attempt_id);

  select count(*), coalesce(sum(length(c.data)), 0)
  into v_count, v_stored_size
  from reprise.file_chunks c
  where c.file_id = seal_file.file_id;

  update reprise.files f
  set
    state = 'STORED',
    size = seal_file.size,
    stored_size = v_stored_size,
    chunk_count = seal_file.chunk_count
  where f.id = seal_file.file_id
    and f.state = 'WRITING'
    and v_count = seal_file.chunk_count
  returning * into v_file;

  if not found then
    raise exception 'File % is not being written any more, or lost a part.', seal_file.file_id
      using errcode = 'RP409', detail = 'file_not_writing', hint = 'Its attempt is over, or has sealed or discarded it.';
  end if;

  insert into reprise.file_references (file_id, attempt_id)
  values (v_file.id, v_file.attempt_id);

  return v_file;
end;
$$;

comment on function reprise_engine.seal_file is
  'Ends the writing of a file: from now on it can be read, and its attempt needs it.';
