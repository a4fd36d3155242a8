create or replace function reprise_engine.leave_lists(execution_ids uuid[], lists text[])
returns reprise.opening[]
language plpgsql volatile
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
declare
  -- The lists of a flow in their order. The first and the last are system steps, made where a flow needs a template rendered.
  c_lists constant text[] := '{defaults,tasks,errors,finally,outputs}';
  v_next record;
begin
  if cardinality(execution_ids) = 0 then
    return '{}';
  end if;

  select
    coalesce(array_agg(row(e.id, t.key, null, null, null)::reprise.opening) filter (where t.key is not null), '{}') as openings,
    coalesce(array_agg(e.id) filter (where t.key is null), '{}') as done
  into v_next
  from unnest(leave_lists.execution_ids, leave_lists.lists) as leaving (execution_id, list)
  cross join lateral (
    select e.id, e.namespace, e.flow_id, e.flow_revision, e.verdict, e.is_ending from reprise.executions as e where e.id = leaving.execution_id offset 0
  ) as e
  left join lateral (
    select t.key
    from reprise.tasks as t
    where t.namespace = e.namespace and t.flow_id = e.flow_id and t.revision = e.flow_revision and t.parent_key is null and t.lane = 0
      and t.branch = any (c_lists[coalesce(array_position(c_lists, leaving.list), 1) + 1:])
      and (t.branch <> 'errors' or e.verdict = 'FAILED' or e.verdict = 'KILLED' and reprise_engine.has_failed_inside(e.id, null))
      and not e.is_ending
    order by array_position(c_lists, t.branch)
    limit 1
  ) as t on true;

  if v_next.done <> '{}' then
    perform reprise_engine.close_executions(v_next.done);
  end if;
  return v_next.openings;
end;
$$;

comment on function reprise_engine.leave_lists is
  'Executions have come to the end of a list of their flow, well or badly (or begin, when the list is null): returns the first task of '
  'the next that has any, and closes those for which there is none. Handlers of errors are for what failed, also beside a child that was killed.';
