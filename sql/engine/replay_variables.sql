create or replace function reprise_engine.replay_variables(replay reprise.executions)
returns jsonb
language plpgsql stable
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
declare
  v_variables jsonb := replay.variables;
  v_change record;
begin
  for v_change in
    select c.merged, c.removed
    from reprise.executions as line
    cross join lateral (
      select c.id, c.attempt_id, c.merged, c.removed from reprise.variable_changes as c where c.execution_id = line.id offset 0
    ) as c
    where coalesce(line.root_id, line.id) = replay_variables.replay.root_id
      and exists (
        select
        from reprise.task_runs as r
        where r.carried_attempt_id = c.attempt_id and r.execution_id = replay_variables.replay.id
      )
    order by c.id
  loop
    v_variables := reprise_engine.change_variables(v_variables, v_change.merged, v_change.removed);
  end loop;
  return v_variables;
end;
$$;

comment on function reprise_engine.replay_variables is
  'The variables of a replay: those that its revision defines, with what the tasks that it carries have done to them, in their order.';
