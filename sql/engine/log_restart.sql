create or replace function reprise_engine.log_restart(execution reprise.executions, message text)
returns void
language sql volatile
set search_path = ''
as $$
  select reprise_engine.log_event(
    log_restart.execution.id,
    log_restart.message || case when log_restart.execution.schedule_date > reprise_engine.clock() then ' It does not wait for its date.' else '' end
  );
$$;

comment on function reprise_engine.log_restart is
  'Writes into the log of an execution why it goes on again, and that it does so before its date, where that is still to come. execution: as it was before.';
