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
declare
  v_ids uuid[];
  v_result reprise.purge_result;
begin
  if execution_ids is null and namespace is null and flow_id is null and states is null and ended_before is null then
    raise exception 'A purge needs at least one condition.'
      using errcode = 'RP400', detail = 'purge_without_condition', hint = 'Give ids, a namespace, a flow, states, or a time.';
  end if;

  -- Lock. One purge at a time: of an original and its replay, purged side by side, the second must see that the first is gone, or
  -- what the first had to keep would stay for ever. Only what has ended is purged.
  perform pg_advisory_xact_lock(20290, -3);
  select coalesce(array_agg(locked.id), '{}') into v_ids
  from (
    select e.id
    from reprise.executions as e
    where e.ended_at is not null and not e.is_finishing and e.purged_at is null
      and (purge_executions.execution_ids is null or e.id = any (purge_executions.execution_ids))
      and (purge_executions.namespace is null or e.namespace = purge_executions.namespace)
      and (purge_executions.flow_id is null or e.flow_id = purge_executions.flow_id)
      and (purge_executions.states is null or e.state = any (purge_executions.states))
      and (purge_executions.ended_before is null or e.ended_at < purge_executions.ended_before)
    order by e.id
    for update
  ) as locked;

  -- Change.
  update reprise.executions as e
  set purged_at = reprise_engine.clock(), idempotency_key = null, request_hash = null
  where e.id = any (v_ids);
  select * into v_result from reprise_engine.clear_purged(v_ids);

  -- Notify.
  perform reprise_engine.notify_executions(v_ids);
  return v_result;
end;
$$;

comment on function reprise_api.purge_executions is
  'Deletes ended executions with their task runs, attempts, logs and files. What living replays point at stays, out of sight, until the '
  'last of them is purged. Conditions given together must all hold.';
