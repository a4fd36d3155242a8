create or replace function reprise_engine.find_task_cache(attempt_id bigint, hash text, ttl_ms double precision)
returns json
language plpgsql volatile
set search_path = ''
as $$
declare
  v_place record;
  v_found reprise.task_caches;
begin
  -- Guard: where somebody has a replay start, the task is to run.
  if reprise_engine.is_anchored(find_task_cache.attempt_id) then
    return null;
  end if;
  v_place := reprise_engine.cache_place(find_task_cache.attempt_id);

  -- Locked, so that its files are not dropped before the attempt is known to need them.
  select c.* into v_found
  from reprise.task_caches as c
  where c.namespace = v_place.namespace and c.flow_id = v_place.flow_id and c.task_id = v_place.task_id
    and c.hash = find_task_cache.hash and c.value is not distinct from v_place.value
    and (
      find_task_cache.ttl_ms is null
      or c.stored_at > reprise_engine.clock() - find_task_cache.ttl_ms * interval '1 millisecond'
    )
  for key share;

  insert into reprise.file_references (file_id, attempt_id)
  select f.file_id, find_task_cache.attempt_id from reprise.task_cache_files as f where f.task_cache_id = v_found.id
  on conflict do nothing;
  return v_found.outputs;
end;
$$;

comment on function reprise_engine.find_task_cache is
  'The outputs that an earlier attempt of a task has kept for the same properties, whose hash this is, unless they are too old or a replay '
  'starts here; null where there are none. The attempt that gets them needs their files from then on.';
