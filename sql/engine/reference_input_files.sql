create or replace function reprise_engine.reference_input_files(execution_ids uuid[], inputs json[])
returns void
language sql volatile
set search_path = ''
as $$
  with named as (
    select distinct f.id, given.execution_id
    from (
      select g.execution_id, reprise_engine.file_uris(g.inputs::text) as uri
      from unnest(reference_input_files.execution_ids, reference_input_files.inputs) as g (execution_id, inputs)
      where g.inputs::text like '%"kestra:///%'
    ) as given
    join reprise.files as f on f.uri = given.uri
  ), taken as (
    update reprise.files as f
    set uploaded_at = null
    where f.id = any (array(select n.id from named as n)) and f.uploaded_at is not null
  )
  insert into reprise.input_files (file_id, execution_id)
  select n.id, n.execution_id from named as n
  on conflict do nothing;
$$;

comment on function reprise_engine.reference_input_files is
  'Notes which files the inputs of executions name, so that a purge knows who still needs them, and uploads stay.';
