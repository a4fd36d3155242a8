create or replace function reprise_engine.is_cut_off(execution reprise.executions)
returns boolean
language sql stable
set search_path = ''
as $$
  select is_cut_off.execution.exited_by is not null or is_cut_off.execution.state = 'RETRIED'
    or is_cut_off.execution.error ->> 'reason' is not distinct from 'sla_violated';
$$;

comment on function reprise_engine.is_cut_off is
  'Whether an execution was ended before its time: by an Exit, a cancelled Pause, an SLA, or a retry as a new execution.';
