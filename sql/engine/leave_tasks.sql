create or replace function reprise_engine.leave_tasks(execution_ids uuid[])
returns reprise.opening[]
language plpgsql volatile
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
declare
  v_last record;
begin
  if cardinality(execution_ids) = 0 then
    return '{}';
  end if;

  select
    coalesce(array_agg(row(e.id, t.key)::reprise.opening) filter (where t.key is not null), '{}') as openings,
    coalesce(array_agg(e.id) filter (where t.key is null), '{}') as done
  into v_last
  from reprise.executions as e
  left join lateral (
    select t.key
    from reprise.tasks as t
    where t.namespace = e.namespace and t.flow_id = e.flow_id and t.revision = e.flow_revision
      and t.parent_key is null and t.branch = 'outputs' and t.position = 0
    offset 0
  ) as t on true
  where e.id = any (leave_tasks.execution_ids);

  perform reprise_engine.close_executions(v_last.done);
  return v_last.openings;
end;
$$;

comment on function reprise_engine.leave_tasks is
  'Executions have come to the end of their tasks, well or badly: those with outputs render them, the others close. Returns what is '
  'to be opened.';
