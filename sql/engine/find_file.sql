create or replace function reprise_engine.find_file(uri text)
returns reprise.files
language plpgsql stable
set search_path = ''
as $$
declare
  v_file reprise.files;
begin
  select f.*
  into v_file
  from reprise.files f
  where f.uri = find_file.uri
    and f.state = 'STORED';

  if not found then
    raise exception 'There is no file %.', find_file.uri
      using errcode = 'RP404', detail = 'file_not_found', hint = 'It may have been purged.';
  end if;
  return v_file;
end;
$$;

comment on function reprise_engine.find_file is 'The complete file of a URI.';
