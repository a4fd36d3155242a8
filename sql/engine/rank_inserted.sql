create or replace function reprise_engine.rank_inserted(execution reprise.executions, attempt_id bigint)
returns bigint
language plpgsql stable
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
declare
  v_task_key integer := (
    select r.task_key
    from (select a.task_run_id from reprise.attempts as a where a.id = rank_inserted.attempt_id offset 0) as a
    join reprise.task_runs as r on r.id = a.task_run_id
  );
  v_root_id uuid := coalesce(execution.root_id, execution.id);
  v_id uuid := execution.id;
  v_rank bigint := execution.carried_rank;
  v_is_before boolean;
begin
  -- Nearly always it stands behind all that is carried, which the last of these tells.
  select coalesce(bool_or(r.task_key > v_task_key), false) into v_is_before
  from (select e.id from reprise.executions as e where e.id = v_root_id or e.root_id = v_root_id offset 0) as line
  cross join lateral (
    select c.attempt_id from reprise.variable_changes as c where c.execution_id = line.id and c.rank = v_rank offset 0
  ) as c
  cross join lateral (
    select r.task_key from reprise.task_runs as r where r.carried_attempt_id = c.attempt_id and r.execution_id = v_id offset 0
  ) as r;
  if not v_is_before then
    return null;
  end if;

  return (
    select min(c.rank) - 1
    from (select e.id from reprise.executions as e where e.id = v_root_id or e.root_id = v_root_id offset 0) as line
    cross join lateral (select c.rank, c.attempt_id from reprise.variable_changes as c where c.execution_id = line.id offset 0) as c
    cross join lateral (
      select from reprise.task_runs as r
      where r.carried_attempt_id = c.attempt_id and r.execution_id = v_id and r.task_key > v_task_key
      offset 0
    ) as r
  );
end;
$$;

comment on function reprise_engine.rank_inserted is
  'Where a change of variables belongs that the original of a replay had not made: right before those that are carried of tasks that stand behind its own. Null where there are none.';
