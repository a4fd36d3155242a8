create or replace function reprise_engine.is_serving(worker_id integer)
returns boolean
language plpgsql volatile
set search_path = ''
as $$
begin
  -- Whoever takes over from this worker waits for this transaction, and this one sees whether somebody has.
  perform pg_advisory_xact_lock_shared(20291, is_serving.worker_id);

  return exists (
    select
    from reprise.workers as w
    where w.id = is_serving.worker_id and w.state = 'RUNNING'
  );
end;
$$;

comment on function reprise_engine.is_serving is
  'Whether a worker may begin attempts, until the end of the transaction: it has not stopped, and nobody has taken it for dead.';
