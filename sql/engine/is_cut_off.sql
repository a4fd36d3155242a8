create or replace function reprise_engine.is_cut_off(execution reprise.executions)
returns boolean
language sql stable
set search_path = ''
as $$
  select is_cut_off.execution.exited_by is not null or is_cut_off.execution.state = 'RETRIED'
    or coalesce(is_cut_off.execution.error ->> 'reason' in ('sla_violated', 'check_failed'), false);
$$;

comment on function reprise_engine.is_cut_off is
  'Whether an execution was ended before its time: by an Exit, a cancelled Pause, an SLA, a check, or a retry as a new execution.';
