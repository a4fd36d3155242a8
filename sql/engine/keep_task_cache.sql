create or replace function reprise_engine.keep_task_cache(attempt_id bigint, hash text, outputs json, ttl_ms double precision)
returns boolean
language plpgsql volatile
set search_path = ''
as $$
declare
  v_now timestamptz := reprise_engine.clock();
  v_place record;
  v_cache_id bigint;
  v_replaced uuid[];
begin
  -- Guard: an attempt that is over, such as a killed one, keeps nothing.
  perform from reprise.attempts as a where a.id = keep_task_cache.attempt_id and a.state = 'RUNNING' for share;
  if not found then
    return false;
  end if;
  v_place := reprise_engine.cache_place(keep_task_cache.attempt_id);

  -- Change: it takes the place of the one before.
  insert into reprise.task_caches as c (namespace, flow_id, task_id, value, hash, outputs, stored_at, expires_at)
  values (
    v_place.namespace, v_place.flow_id, v_place.task_id, v_place.value, keep_task_cache.hash, keep_task_cache.outputs, v_now,
    v_now + keep_task_cache.ttl_ms * interval '1 millisecond'
  )
  on conflict on constraint task_caches_place_key do update
  set outputs = excluded.outputs, stored_at = excluded.stored_at, expires_at = excluded.expires_at
  returning c.id into v_cache_id;
  with replaced as (
    delete from reprise.task_cache_files as f where f.task_cache_id = v_cache_id returning f.file_id
  )
  select coalesce(array_agg(r.file_id), '{}') into v_replaced from replaced as r;
  insert into reprise.task_cache_files (task_cache_id, file_id)
  select distinct v_cache_id, f.id
  from reprise_engine.file_uris(keep_task_cache.outputs::text) as named (uri)
  join reprise.files as f on f.uri = named.uri and f.state = 'STORED';

  -- Consequence: its files no longer go with the attempt, should that be lost before it could tell how it ended.
  update reprise.files as f
  set attempt_id = null
  where f.attempt_id = keep_task_cache.attempt_id
    and f.id in (select x.file_id from reprise.task_cache_files as x where x.task_cache_id = v_cache_id);
  perform reprise_engine.drop_unneeded_files(v_replaced);
  return true;
end;
$$;

comment on function reprise_engine.keep_task_cache is
  'Keeps the outputs that an attempt is about to end with, for executions to come that give the task the same properties, whose hash this '
  'is; false where the attempt is over.';
