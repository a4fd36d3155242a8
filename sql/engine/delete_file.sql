create or replace function reprise_engine.delete_file(uri text)
returns boolean
language plpgsql volatile
set search_path = ''
as $$
begin
  delete from reprise.files as f where f.uri = delete_file.uri and f.state = 'STORED';
  return found;
end;
$$;

comment on function reprise_engine.delete_file is
  'Deletes a stored file, whoever names it; says whether there was one.';
