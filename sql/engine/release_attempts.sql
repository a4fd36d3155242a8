create or replace function reprise_engine.release_attempts(worker_id integer, held bigint[])
returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_forgotten bigint[];
begin
  -- The answer of a call can be lost on its way, and with it the attempts that it began. Young ones may still be underway.
  select coalesce(array_agg(a.id), '{}') into v_forgotten
  from reprise.attempts as a
  where a.id = any (reprise_engine.find_running_attempts(array[release_attempts.worker_id]))
    and a.id <> all (release_attempts.held)
    and a.started_at < reprise_engine.clock() - interval '3 seconds';

  if v_forgotten <> '{}' then
    perform reprise_engine.resubmit_attempts(v_forgotten);
  end if;
end;
$$;

comment on function reprise_engine.release_attempts is
  'Gives up the attempts that the tables say a worker runs and it does not know of, so that they run anew.';
