create or replace function reprise_engine.restart_subflows(task_run_ids bigint[], batch integer default 50)
returns integer
language plpgsql volatile
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
declare
  v_children uuid[];
  v_child reprise.executions;
  v_code text;
begin
  -- Lock: of the children alone. Their parent waits for them meanwhile.
  select coalesce(array_agg(locked.id), '{}') into v_children
  from (
    select c.id
    from reprise.executions as c
    where c.id = any (array(
      select told.execution_id
      from (
        select distinct d.task_run_id, d.execution_id
        from reprise.ended_subflows as d
        where d.task_run_id = any (restart_subflows.task_run_ids)
      ) as told
      cross join lateral (
        select r.attempt_number from reprise.task_runs as r where r.id = told.task_run_id and r.state = 'RUNNING' offset 0
      ) as r
      cross join lateral (
        select s.child_attempt_number
        from reprise.subflows as s
        where s.execution_id = told.execution_id and s.task_run_id = told.task_run_id and s.attempt_number = r.attempt_number
        offset 0
      ) as s
      cross join lateral (select c.attempt_number from reprise.executions as c where c.id = told.execution_id offset 0) as c
      where c.attempt_number < s.child_attempt_number
      limit restart_subflows.batch
    ))
    order by c.id
    for no key update
  ) as locked;

  -- One after the other, in the order of their flows: those that look for a slot lock these.
  for v_child in
    select c.*
    from reprise.executions as c
    where c.id = any (v_children) and c.ended_at is not null and not c.is_finishing
      and exists (select from reprise.subflows as s where s.execution_id = c.id and s.child_attempt_number > c.attempt_number)
    order by c.namespace, c.flow_id, c.id
  loop
    begin
      perform reprise_engine.find_runnable_revision(v_child.namespace, v_child.flow_id, v_child.flow_revision);
      -- It tells of itself anew, perhaps at once.
      delete from reprise.ended_subflows as d
      where d.task_run_id = v_child.parent_task_run_id and d.execution_id = v_child.id;
      perform reprise_engine.go_on(v_child);
      perform reprise_engine.log_restart(v_child, 'Restarted with its parent execution.');
    exception
      when others then
        get stacked diagnostics v_code = returned_sqlstate;
        if not starts_with(v_code, 'RP') then
          raise;
        end if;
        -- It stays as it ended, and that is what its parent takes.
        update reprise.subflows as s
        set child_attempt_number = v_child.attempt_number
        where s.execution_id = v_child.id;
    end;
  end loop;

  return cardinality(v_children);
end;
$$;

comment on function reprise_engine.restart_subflows is
  'Restarts the children that have failed and whose parents have been restarted since, some at a time; returns how many it looked at.';
