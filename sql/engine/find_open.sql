create or replace function reprise_engine.find_open(original reprise.executions)
returns integer
language plpgsql stable
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
begin
  return (
    select min(t.key)
    from reprise.tasks as t
    left join (
      select r.task_key, r.state from reprise.task_runs as r where r.execution_id = find_open.original.id and r.parent_id is null
    ) as r on r.task_key = t.key
    where t.namespace = find_open.original.namespace and t.flow_id = find_open.original.flow_id and t.revision = find_open.original.flow_revision
      and t.parent_key is null and not t.is_handler and not t.is_disabled and t.kind not in ('DEFAULTS', 'OUTPUTS')
      and coalesce(r.state not in ('SUCCESS', 'WARNING', 'SKIPPED'), true)
  );
end;
$$;

comment on function reprise_engine.find_open is 'The key of the first task of the flow, handlers left aside, that has not ended well in an execution; null if all have.';
