create or replace function reprise_engine.open_file(
  file_id uuid,
  uri text,
  name text,
  chunk_size integer,
  attempt_id bigint
)
returns reprise.files
language plpgsql volatile
set search_path = ''
as $$
declare
  v_file reprise.files;
begin
  perform reprise_engine.assert_attempt_stores(open_file.attempt_id);

  insert into reprise.files (id, uri, name, chunk_size, attempt_id, created_at)
  values (
    open_file.file_id,
    open_file.uri,
    open_file.name,
    open_file.chunk_size,
    open_file.attempt_id,
    reprise_engine.clock()
  )
  returning * into v_file;

  return v_file;
end;
$$;

comment on function reprise_engine.open_file is
  'Begins a file that a running attempt stores. Nobody can read it before seal_file.';
