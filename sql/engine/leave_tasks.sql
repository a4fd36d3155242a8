create or replace function reprise_engine.leave_tasks(execution_ids uuid[])
returns bigint[]
language plpgsql volatile
set search_path = ''
as $$
declare
  v_last record;
begin
  if cardinality(execution_ids) = 0 then
    return '{}';
  end if;

  select
    coalesce(array_agg(e.id) filter (where t.key is not null), '{}') as execution_ids,
    coalesce(array_agg(t.key) filter (where t.key is not null), '{}') as task_keys,
    coalesce(array_agg(e.id) filter (where t.key is null), '{}') as done
  into v_last
  from reprise.executions as e
  left join reprise.tasks as t
    on t.namespace = e.namespace and t.flow_id = e.flow_id and t.revision = e.flow_revision
    and t.parent_key is null and t.branch = 'outputs' and t.position = 0
  where e.id = any (leave_tasks.execution_ids);

  perform reprise_engine.close_executions(v_last.done);
  return reprise_engine.open_tasks(v_last.execution_ids, v_last.task_keys);
end;
$$;

comment on function reprise_engine.leave_tasks is
  'Executions have come to the end of their tasks, well or badly: those with outputs render them, the others close. Returns the task '
  'runs that opened.';
