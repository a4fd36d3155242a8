create or replace function reprise_engine.beat(worker_id integer, running_attempt_count integer)
returns boolean
language plpgsql volatile
set search_path = ''
as $$
begin
  update reprise.workers as w
  set heartbeat_at = reprise_engine.clock(), running_attempt_count = beat.running_attempt_count
  where w.id = beat.worker_id and w.state = 'RUNNING';
  return found;
end;
$$;

comment on function reprise_engine.beat is
  'A worker says that it lives, and how much it runs. False: it was taken for dead, and must drop what it runs and register anew.';
