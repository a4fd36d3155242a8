create or replace function reprise_engine.stop_worker(worker_id integer)
returns void
language plpgsql volatile
set search_path = ''
as $$
begin
  update reprise.workers as w
  set state = 'STOPPED', stopped_at = reprise_engine.clock(), running_attempt_count = 0
  where w.id = stop_worker.worker_id and w.state = 'RUNNING';

  perform reprise_engine.take_over(array[stop_worker.worker_id]);
end;
$$;

comment on function reprise_engine.stop_worker is 'A worker goes by itself. What it still runs is given to others.';
