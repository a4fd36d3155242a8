create or replace function reprise_engine.replay_variables(replay reprise.executions, redone bigint[] default '{}')
returns json
language plpgsql stable
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
declare
  v_changes reprise.variable_changes[];
  v_change reprise.variable_changes;
  v_variables json;
  v_first bigint;
begin
  select array_agg(c) into v_changes
  from reprise.executions as line
  cross join lateral (select c from reprise.variable_changes as c where c.execution_id = line.id offset 0) as c
  where coalesce(line.root_id, line.id) = replay.root_id;
  if v_changes is null then
    return replay.variables; -- Nothing has ever changed them.
  end if;

  select coalesce(r.definition -> 'variables', '{}') into v_variables
  from reprise.flow_revisions as r
  where r.namespace = replay.namespace and r.flow_id = replay.flow_id and r.revision = replay.flow_revision;
  -- One with a condition may not be made again.
  select min(c.rank) into v_first
  from unnest(v_changes) as c
  join reprise.attempts as a on a.id = c.attempt_id
  join reprise.task_runs as r on r.id = a.task_run_id
  join reprise.tasks as t on t.key = r.task_key and t.definition -> 'runIf' is null
  where c.attempt_id = any (redone);

  for v_change in
    select c.*
    from unnest(v_changes) as c
    where (
        c.execution_id = replay.id
        or exists (select from reprise.task_runs as r where r.carried_attempt_id = c.attempt_id and r.execution_id = replay.id)
      )
      and (v_first is null or c.rank < v_first)
    order by c.rank, c.id
  loop
    v_variables := reprise_engine.change_variables(v_variables, v_change.merged, v_change.removed);
  end loop;
  return v_variables;
end;
$$;

comment on function reprise_engine.replay_variables is
  'The variables of a replay: those that its revision defines, with what tasks that it carries have done to them, and its own, in their order. redone: attempts '
  'that will certainly be made again; what came behind one of them waits until it has been.';
