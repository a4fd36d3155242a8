create or replace function reprise_engine.reap_lost_workers()
returns integer[]
language plpgsql volatile
set search_path = ''
as $$
declare
  v_lost integer[];
begin
  -- One reaper at a time is enough.
  if not pg_try_advisory_xact_lock(20290, 0) then
    return '{}';
  end if;

  with lost as (
    update reprise.workers as w
    set state = 'LOST', stopped_at = reprise_engine.clock(), running_attempt_count = 0
    where w.state = 'RUNNING'
      and w.heartbeat_at < reprise_engine.clock() - 2 * w.beat_ms * interval '1 millisecond'
      -- A restart of Postgres frees every lock and holds up every beat: give all a moment to come back. When one of its processes
      -- dies, Postgres ends all sessions and starts anew without a new start time, but its statistics begin again. (The start of
      -- other users' sessions would tell too, and is shown to administrators only.)
      and greatest(pg_postmaster_start_time(), (select b.stats_reset from pg_catalog.pg_stat_bgwriter as b)) + interval '3 seconds'
        < reprise_engine.clock() - 2 * w.beat_ms * interval '1 millisecond'
      and not exists (
        select
        from pg_catalog.pg_locks as l
        where l.locktype = 'advisory' and l.classid = 20290 and l.objid = w.id::oid and l.objsubid = 2 and l.granted
          and l.database = (select d.oid from pg_catalog.pg_database as d where d.datname = current_database())
      )
    returning w.id
  )
  select coalesce(array_agg(lost.id), '{}') into v_lost from lost;

  if v_lost <> '{}' then
    perform reprise_engine.take_over(v_lost);
  end if;
  return v_lost;
end;
$$;

comment on function reprise_engine.reap_lost_workers is
  'Finds workers that died: their session lock is free and their last beat is older than two beats. What they ran runs again elsewhere. '
  'Returns their ids.';
