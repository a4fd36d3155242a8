create or replace function reprise_engine.file_uris(outputs text)
returns setof text
language sql immutable
set search_path = ''
as $$
  select ('"' || (regexp_matches(file_uris.outputs, '"(kestra:///(?:[^"\\]|\\.)+)"', 'g'))[1] || '"')::jsonb #>> '{}';
$$;

comment on function reprise_engine.file_uris is 'The files that outputs name, which are given as the text of their JSON.';
