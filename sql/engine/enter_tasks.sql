create or replace function reprise_engine.enter_tasks(execution_ids uuid[])
returns reprise.opening[]
language plpgsql volatile
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
declare
  v_first record;
begin
  if cardinality(execution_ids) = 0 then
    return '{}';
  end if;

  select
    coalesce(array_agg(row(e.id, first.key)::reprise.opening) filter (where first.key is not null), '{}') as openings,
    coalesce(array_agg(e.id) filter (where first.key is null), '{}') as without_tasks
  into v_first
  from reprise.executions as e
  left join lateral (
    select t.key
    from reprise.tasks as t
    where t.namespace = e.namespace and t.flow_id = e.flow_id and t.revision = e.flow_revision
      and t.parent_key is null and t.branch = 'tasks' and not t.is_disabled
    order by t.position
    limit 1
  ) as first on true
  where e.id = any (enter_tasks.execution_ids);

  return reprise_engine.reach(v_first.openings) || reprise_engine.leave_tasks(v_first.without_tasks);
end;
$$;

comment on function reprise_engine.enter_tasks is 'Executions come to the first of their tasks. Returns what is to be opened.';
