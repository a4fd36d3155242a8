create or replace function reprise_engine.read_file_chunk(file_id uuid, number integer)
returns bytea
language sql stable
set search_path = ''
as $$
  select c.data
  from reprise.file_chunks c
  where c.file_id = read_file_chunk.file_id
    and c.number = read_file_chunk.number;
$$;

comment on function reprise_engine.read_file_chunk is 'One chunk of a file, compressed by itself; null when there is none.';
