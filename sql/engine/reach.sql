create or replace function reprise_engine.reach(openings reprise.opening[])
returns reprise.opening[]
language plpgsql volatile
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
declare
  v_free reprise.opening[];
  v_met record;
  v_next record;
begin
  -- Nearly always a task has no task run yet. Where it has one, a replay carried it. Nobody can come between: executions are locked.
  select coalesce(array_agg(opening), '{}') into v_free
  from unnest(openings) as opening
  where (
    select r.id
    from reprise.task_runs as r
    where r.execution_id = opening.execution_id and r.task_key = opening.task_key and r.iteration_path is null
  ) is null;
  if cardinality(v_free) = cardinality(openings) then
    return v_free;
  end if;

  -- Step over what has passed; stop at what failed.
  for v_met in
    select o.execution_id, r.task_key, r.id, r.state
    from unnest(openings) as o
    cross join lateral (
      select r.task_key, r.id, r.state
      from reprise.task_runs as r
      where r.execution_id = o.execution_id and r.task_key = o.task_key and r.iteration_path is null
      offset 0
    ) as r
  loop
    if v_met.state in ('SUCCESS', 'WARNING', 'SKIPPED') then
      select * into v_next from reprise_engine.next_in_branch(v_met.execution_id, v_met.task_key);
    else
      select v_met.task_key as task_key, v_met.id as task_run_id, v_met.state as state into v_next;
    end if;

    if v_next.task_key is null then
      v_free := v_free || reprise_engine.leave_tasks(array[v_met.execution_id]);
    elsif v_next.task_run_id is null then
      v_free := v_free || row(v_met.execution_id, v_next.task_key)::reprise.opening;
    elsif reprise_engine.is_terminal(v_next.state::text) then
      perform reprise_engine.raise_verdicts(
        array[v_met.execution_id], array[v_next.state::text::reprise.execution_state]
      );
      v_free := v_free || reprise_engine.leave_tasks(array[v_met.execution_id]);
    end if;
  end loop;

  return v_free;
end;
$$;

comment on function reprise_engine.reach is
  'Executions come to tasks: steps over those that a replay carried, leaves the list at one that has failed or behind the last, and '
  'returns what is left to open.';
