create or replace function reprise_engine.purge_logs(
  namespace text,
  flow_id text,
  execution_id uuid,
  levels reprise.log_level[],
  logged_since timestamptz,
  logged_until timestamptz
)
returns bigint
language plpgsql volatile
set search_path = ''
as $$
declare
  v_count bigint;
begin
  delete from reprise.logs as l
  using reprise.executions as e
  where e.id = l.execution_id and l.logged_at <= purge_logs.logged_until
    and (purge_logs.logged_since is null or l.logged_at >= purge_logs.logged_since)
    and (purge_logs.levels is null or l.level = any (purge_logs.levels))
    and (purge_logs.execution_id is null or e.id = purge_logs.execution_id)
    and (purge_logs.flow_id is null or e.flow_id = purge_logs.flow_id)
    and (
      purge_logs.namespace is null or e.namespace = purge_logs.namespace
      or purge_logs.flow_id is null and starts_with(e.namespace, purge_logs.namespace || '.')
    );
  get diagnostics v_count = row_count;
  return v_count;
end;
$$;

comment on function reprise_engine.purge_logs is
  'Deletes lines of logs that were said by then: of an execution, of a flow, or of a namespace with those below it. Returns how many.';
