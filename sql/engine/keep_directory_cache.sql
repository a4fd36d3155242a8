create or replace function reprise_engine.keep_directory_cache(attempt_id bigint, uri text)
returns boolean
language plpgsql volatile
set search_path = ''
as $$
declare
  v_place record;
  v_file_id uuid;
  v_replaced uuid[];
begin
  -- Guard: an archive that this very attempt has stored.
  perform reprise_engine.assert_attempt_stores(keep_directory_cache.attempt_id);
  select f.id into v_file_id
  from reprise.files as f
  where f.uri = keep_directory_cache.uri and f.attempt_id = keep_directory_cache.attempt_id and f.state = 'STORED';
  if not found then
    return false;
  end if;
  select
    t.namespace, t.flow_id, t.id, case when r.iteration is not null then r.iteration_path[cardinality(r.iteration_path)] end as value
  into v_place
  from reprise.attempts as a
  join reprise.task_runs as r on r.id = a.task_run_id
  join reprise.tasks as t on t.key = r.task_key
  where a.id = keep_directory_cache.attempt_id;

  -- Change: it takes the place of the one before, and belongs to the cache alone.
  with replaced as (
    delete from reprise.directory_caches as c
    where c.namespace = v_place.namespace and c.flow_id = v_place.flow_id and c.task_id = v_place.id and c.value is not distinct from v_place.value
    returning c.file_id
  )
  select coalesce(array_agg(r.file_id), '{}') into v_replaced from replaced as r;
  insert into reprise.directory_caches (namespace, flow_id, task_id, value, file_id, stored_at)
  values (v_place.namespace, v_place.flow_id, v_place.id, v_place.value, v_file_id, reprise_engine.clock())
  on conflict on constraint directory_caches_place_key do nothing;
  if not found then
    -- Another execution was as quick, and its archive will do.
    v_replaced := v_replaced || v_file_id;
  end if;
  delete from reprise.file_references as x where x.file_id = v_file_id;
  update reprise.files as f set attempt_id = null where f.id = v_file_id;
  delete from reprise.files as f where f.id = any (v_replaced);

  return true;
end;
$$;

comment on function reprise_engine.keep_directory_cache is
  'Keeps an archive that an attempt of a WorkingDirectory has stored, for the executions to come, in the place of the one before.';
