create or replace function reprise_engine.reach(execution_ids uuid[], task_keys integer[])
returns bigint[]
language plpgsql volatile
set search_path = ''
as $$
declare
  v_opened bigint[];
  v_met record;
  v_next record;
begin
  if execution_ids is null or cardinality(execution_ids) = 0 then
    return '{}';
  end if;

  v_opened := reprise_engine.open_tasks(execution_ids, task_keys);
  if cardinality(v_opened) = cardinality(execution_ids) then
    return v_opened;
  end if;

  -- Some have a task run already: a replay carried it. Step over what has passed; stop at what failed.
  for v_met in
    select wanted.execution_id, wanted.task_key, r.state, r.id
    from unnest(execution_ids, task_keys) as wanted (execution_id, task_key)
    join reprise.task_runs as r
      on r.execution_id = wanted.execution_id and r.task_key = wanted.task_key and r.iteration_path is null
    where r.id <> all (v_opened)
    order by r.id
  loop
    if v_met.state in ('SUCCESS', 'WARNING', 'SKIPPED') then
      select * into v_next from reprise_engine.next_in_branch(v_met.execution_id, v_met.task_key);
    else
      select v_met.task_key as task_key, v_met.id as task_run_id, v_met.state as state into v_next;
    end if;

    if v_next.task_key is not null and v_next.task_run_id is null then
      v_opened := v_opened || reprise_engine.open_tasks(array[v_met.execution_id], array[v_next.task_key]);
    elsif v_next.task_key is null then
      v_opened := v_opened || reprise_engine.leave_tasks(array[v_met.execution_id]);
    elsif reprise_engine.is_terminal(v_next.state::text) then
      perform reprise_engine.raise_verdicts(
        array[v_met.execution_id], array[v_next.state::text::reprise.execution_state]
      );
      v_opened := v_opened || reprise_engine.leave_tasks(array[v_met.execution_id]);
    end if;
  end loop;

  return v_opened;
end;
$$;

comment on function reprise_engine.reach is
  'Executions come to tasks: opens those that have no task run yet, steps over those that have passed, and leaves the list at one that '
  'has failed or behind the last. Returns the task runs that opened.';
