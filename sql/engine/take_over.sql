create or replace function reprise_engine.take_over(worker_ids integer[])
returns void
language plpgsql volatile
set search_path = ''
as $$
begin
  -- What they are just beginning or finishing comes first; what comes after it begins nothing.
  perform pg_advisory_xact_lock(20291, gone.id) from (select unnest(take_over.worker_ids) as id order by id) as gone;

  -- Their jobs are freed first: one that is locked would not be used again, but left behind for ever beside a new one.
  perform graphile_worker.force_unlock_workers(array(
    select unnest(w.pool_ids)
    from reprise.workers as w
    where w.id = any (take_over.worker_ids)
  ));
  perform reprise_engine.resubmit_attempts(reprise_engine.find_running_attempts(take_over.worker_ids));
end;
$$;

comment on function reprise_engine.take_over is
  'Takes everything from workers that are gone, and marked so: their attempts run anew, their jobs are free for others.';
