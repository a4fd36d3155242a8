create or replace function reprise_engine.find_open(original reprise.executions)
returns integer
language plpgsql stable
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
declare
  v_id uuid := original.id;
  v_namespace text := original.namespace;
  v_flow_id text := original.flow_id;
  v_revision integer := original.flow_revision;
begin
  return (
    select min(t.key)
    from reprise.tasks as t
    left join (
      select r.task_key, r.state from reprise.task_runs as r where r.execution_id = v_id and r.parent_id is null
    ) as r on r.task_key = t.key
    where t.namespace = v_namespace and t.flow_id = v_flow_id and t.revision = v_revision
      and t.parent_key is null and not t.is_disabled and t.kind not in ('DEFAULTS', 'OUTPUTS')
      -- Handlers need not have run.
      and coalesce(r.state not in ('SUCCESS', 'WARNING', 'SKIPPED'), not t.is_handler)
  );
end;
$$;

comment on function reprise_engine.find_open is 'The key of the first task of the flow that has not ended well in an execution, handlers that it has not come to left aside; null if all have.';
