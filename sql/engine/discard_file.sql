create or replace function reprise_engine.discard_file(uri text)
returns boolean
language plpgsql volatile
set search_path = ''
as $$
begin
  delete from reprise.files f
  where f.uri = discard_file.uri
    and not exists (select from reprise.input_files as x where x.file_id = f.id offset 0)
    and not exists (
      select
      from reprise.file_references r
      left join reprise.attempts a on a.id = r.attempt_id
      where r.file_id = f.id
        and (r.attempt_id is distinct from f.attempt_id or a.state in ('SUCCESS', 'WARNING'))
    );
  return found;
end;
$$;

comment on function reprise_engine.discard_file is
  'Removes a file that is half written, or that its attempt takes back before it ends; says whether there was one. '
  'One that an attempt has given as an output stays.';
