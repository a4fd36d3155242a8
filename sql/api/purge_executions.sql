create or replace function reprise_api.purge_executions(
  execution_ids uuid[] default null,
  namespace text default null,
  flow_id text default null,
  states reprise.execution_state[] default null,
  ended_before timestamptz default null
)
returns reprise.purge_result
language plpgsql volatile security definer
set search_path = ''
as $$
begin
  if execution_ids is null and namespace is null and flow_id is null and states is null and ended_before is null then
    raise exception 'A purge needs at least one condition.'
      using errcode = 'RP400', detail = 'purge_without_condition', hint = 'Give ids, a namespace, a flow, states, or a time.';
  end if;

  return reprise_engine.purge_executions(
    reprise_engine.find_purgeable(execution_ids, namespace, flow_id, states, ended_before)
  );
end;
$$;

comment on function reprise_api.purge_executions is
  'Deletes ended executions with their task runs, attempts, logs and files. What living replays point at stays, out of sight, until the '
  'last of them is purged. What they have started stays, and what a parent still waits for. Conditions given together must all hold.';
