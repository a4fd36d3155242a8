create or replace function reprise_engine.reference_files(attempt_ids bigint[], outputs json[])
returns void
language sql volatile
set search_path = ''
as $$
  insert into reprise.file_references (file_id, attempt_id)
  select f.id, a.id
  from (
    select given.attempt_id, reprise_engine.file_uris(given.outputs) as uri
    from (
      select g.attempt_id, g.outputs::text as outputs
      from unnest(reference_files.attempt_ids, reference_files.outputs) as g (attempt_id, outputs)
    ) as given
    where given.outputs like '%"kestra:///%'
  ) as named
  cross join lateral (select f.id from reprise.files as f where f.uri = named.uri offset 0) as f
  cross join lateral (
    select a.id from reprise.attempts as a where a.id = named.attempt_id and a.outputs is not null offset 0
  ) as a
  on conflict do nothing;
$$;

comment on function reprise_engine.reference_files is
  'Notes which stored files the outputs of attempts name, so that a purge knows who still needs them.';
