create or replace function reprise_engine.read_file_chunks(file_id uuid, first_number integer, count integer)
returns table (number integer, data bytea)
language sql stable
set search_path = ''
as $$
  select c.number, c.data
  from reprise.file_chunks c
  where c.file_id = read_file_chunks.file_id
    and c.number >= read_file_chunks.first_number
  order by c.number
  limit read_file_chunks.count;
$$;

comment on function reprise_engine.read_file_chunks is 'Chunks of a file in their order, each compressed by itself.';
