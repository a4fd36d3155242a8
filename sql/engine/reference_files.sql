create or replace function reprise_engine.reference_files(attempt_ids bigint[])
returns void
language sql volatile
set search_path = ''
as $$
  insert into reprise.file_references (file_id, attempt_id)
  select f.id, a.id
  from reprise.attempts as a
  cross join lateral (
    select distinct found.uri[1] as uri
    from regexp_matches(a.outputs::text, '"(kestra:///(?:[^"\\]|\\.)+)"', 'g') as found (uri)
  ) as named
  join reprise.files as f on f.uri = (('"' || named.uri || '"')::jsonb #>> '{}')
  where a.id = any (reference_files.attempt_ids) and a.state <> 'RUNNING' and a.outputs::text like '%"kestra:///%'
  on conflict do nothing;
$$;

comment on function reprise_engine.reference_files is
  'Notes which stored files the outputs of attempts name, so that a purge knows who still needs them.';
