create or replace function reprise_engine.log_event(execution_id uuid, message text, level reprise.log_level default 'INFO')
returns void
language sql volatile
set search_path = ''
as $$
  insert into reprise.logs (logged_at, execution_id, level, message)
  values (reprise_engine.clock(), log_event.execution_id, log_event.level, log_event.message);
$$;

comment on function reprise_engine.log_event is 'Writes what somebody, or the engine itself, did to an execution into its log.';
