create or replace function reprise_engine.find_directory_cache(attempt_id bigint, ttl_ms double precision)
returns text
language sql stable
set search_path = ''
as $$
  select f.uri
  from reprise.attempts as a
  join reprise.task_runs as r on r.id = a.task_run_id
  join reprise.tasks as t on t.key = r.task_key
  join reprise.directory_caches as c
    on c.namespace = t.namespace and c.flow_id = t.flow_id and c.task_id = t.id
    and c.value is not distinct from case when r.iteration is not null then r.iteration_path[cardinality(r.iteration_path)] end
  join reprise.files as f on f.id = c.file_id
  where a.id = find_directory_cache.attempt_id
    and (
      find_directory_cache.ttl_ms is null
      or c.stored_at > reprise_engine.clock() - find_directory_cache.ttl_ms * interval '1 millisecond'
    );
$$;

comment on function reprise_engine.find_directory_cache is
  'The archive that an earlier attempt of a WorkingDirectory has kept, unless it is too old; null where there is none.';
