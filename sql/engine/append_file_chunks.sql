create or replace function reprise_engine.append_file_chunks(
  file_id uuid,
  first_number integer,
  lengths integer[],
  data bytea
)
returns integer
language plpgsql volatile
set search_path = ''
as $$
declare
  v_count integer;
begin
  -- A chunk lost in a crash is a chunk of a file that is not sealed; the commit of seal_file flushes them all.
  perform set_config('synchronous_commit', 'off', true);

  insert into reprise.file_chunks (file_id, number, data)
  select
    f.id,
    append_file_chunks.first_number + c.ordinality::integer - 1,
    substring(append_file_chunks.data from c.position::integer for c.length)
  from (
    select l.ordinality, l.length, 1 + sum(l.length) over (order by l.ordinality) - l.length as position
    from unnest(append_file_chunks.lengths) with ordinality l (length, ordinality)
  ) c
  join reprise.files f on f.id = append_file_chunks.file_id and f.state = 'WRITING';
  get diagnostics v_count = row_count;

  if v_count <> cardinality(append_file_chunks.lengths) then
    raise exception 'File % is not being written any more.', append_file_chunks.file_id
      using errcode = 'RP409', detail = 'file_not_writing', hint = 'Its attempt is over, or has sealed or discarded it.';
  end if;
  return v_count;
end;
$$;

comment on function reprise_engine.append_file_chunks is
  'Adds chunks to a file that is being written: `data` holds them end to end, `lengths` says where each ends. '
  'Calls may overtake one another.';
