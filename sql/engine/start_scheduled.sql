create or replace function reprise_engine.start_scheduled(execution_id uuid)
returns void
language plpgsql volatile
set search_path = ''
as $$
begin
  -- Lock, guard, change: it may have been killed or started meanwhile, or its job came early.
  perform from reprise.executions as e where e.id = start_scheduled.execution_id for no key update;
  update reprise.executions as e
  set is_scheduled = false
  where e.id = start_scheduled.execution_id and e.is_scheduled and e.schedule_date <= reprise_engine.clock();

  -- Consequence.
  if found then
    perform reprise_engine.start_executions(array[start_scheduled.execution_id]);
  end if;
end;
$$;

comment on function reprise_engine.start_scheduled is 'Starts an execution whose schedule date has come. Late or repeated, it changes nothing.';
