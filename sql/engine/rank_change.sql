create or replace function reprise_engine.rank_change(attempt_id bigint)
returns bigint
language sql stable
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
  select min(c.rank)
  from reprise.attempts as a
  join reprise.task_runs as r on r.id = a.task_run_id
  join reprise.executions as e on e.id = r.execution_id and e.root_id is not null
  join reprise.replayed_task_runs as p
    on p.execution_id = r.execution_id and p.task_key = r.task_key and p.iteration_path is not distinct from r.iteration_path
  join reprise.task_runs as was on was.id = p.original_id
  join reprise.executions as line on coalesce(line.root_id, line.id) = e.root_id
  join reprise.variable_changes as c on c.execution_id = line.id
  where a.id = rank_change.attempt_id
    and c.attempt_id in (select t.id from reprise.attempts as t where t.task_run_id = was.id union all select was.carried_attempt_id);
$$;

comment on function reprise_engine.rank_change is
  'Where a change of variables by this attempt belongs: in a replay, where the one was that it makes again. Null where it is the first.';
