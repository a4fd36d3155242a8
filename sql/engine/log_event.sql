create or replace function reprise_engine.log_event(execution_id uuid, message text)
returns void
language sql volatile
set search_path = ''
as $$
  insert into reprise.logs (logged_at, execution_id, level, message)
  values (reprise_engine.clock(), log_event.execution_id, 'INFO', log_event.message);
$$;

comment on function reprise_engine.log_event is 'Writes what somebody did to an execution into its log.';
