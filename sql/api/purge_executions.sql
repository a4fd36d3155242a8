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
  v_ids := reprise_engine.find_purgeable(execution_ids, namespace, flow_id, states, ended_before);
  -- What they have started loses its parent.
  perform
  from reprise.executions as e
  where e.id = any (v_ids)
    or e.parent_task_run_id = any (array(select r.id from reprise.task_runs as r where r.execution_id = any (v_ids)))
  order by e.id
  for update;
  v_ids := reprise_engine.find_purgeable(v_ids, namespace, flow_id, states, ended_before);

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
  'last of them is purged. What they have started stays, and what a parent still waits for. Conditions given together must all hold.';
