create or replace function reprise_engine.purge_executions(
  execution_ids uuid[],
  keeps_logs boolean default false,
  keeps_files boolean default false
)
returns reprise.purge_result
language plpgsql volatile
set search_path = ''
as $$
declare
  v_ids uuid[] := purge_executions.execution_ids;
  v_result reprise.purge_result;
begin
  -- Lock. One purge at a time: of an original and its replay, purged side by side, the second must see that the first is gone, or
  -- what the first had to keep would stay for ever. Only what has ended is purged.
  perform pg_advisory_xact_lock(20290, -3);
  -- What they have started loses its parent.
  perform
  from reprise.executions as e
  where e.id = any (v_ids || array(
    select e.id
    from reprise.executions as e
    where e.parent_task_run_id = any (array(select r.id from reprise.task_runs as r where r.execution_id = any (v_ids)))
  ))
  order by e.id
  for update;
  v_ids := reprise_engine.find_purgeable(v_ids, null, null, null, null);

  -- Change.
  update reprise.executions as e
  set purged_at = reprise_engine.clock(), idempotency_key = null, request_hash = null
  where e.id = any (v_ids);
  select * into v_result from reprise_engine.clear_purged(v_ids, purge_executions.keeps_logs, purge_executions.keeps_files);

  -- Notify.
  perform reprise_engine.notify_executions(v_ids);
  return v_result;
end;
$$;

comment on function reprise_engine.purge_executions is
  'Purges these executions, as far as they may be purged by the time their locks are there. Their logs and files may be kept.';
