create or replace function reprise_engine.take_over(worker_ids integer[])
returns void
language plpgsql volatile
set search_path = ''
as $$
begin
  perform reprise_engine.resubmit_attempts(array(
    select a.id
    from reprise.attempts as a
    where a.worker_id = any (take_over.worker_ids) and a.state = 'RUNNING'
  ));
  perform graphile_worker.force_unlock_workers(array(
    select unnest(w.pool_ids)
    from reprise.workers as w
    where w.id = any (take_over.worker_ids)
  ));
end;
$$;

comment on function reprise_engine.take_over is
  'Takes everything from workers that are gone: their attempts run anew, their jobs are free for others.';
