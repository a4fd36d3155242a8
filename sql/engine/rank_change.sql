create or replace function reprise_engine.rank_change(execution_id uuid, attempt_id bigint)
returns bigint
language sql stable
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
  select min(c.rank)
  from (select e.id from reprise.executions as e where e.id = rank_change.execution_id and e.root_id is not null offset 0) as e
  cross join lateral (select a.task_run_id from reprise.attempts as a where a.id = rank_change.attempt_id offset 0) as a
  cross join lateral (select r.task_key, r.iteration_path from reprise.task_runs as r where r.id = a.task_run_id offset 0) as r
  cross join lateral (select p.original_id from reprise_engine.find_replayed(e.id, r.task_key, r.iteration_path) as p offset 0) as p
  cross join lateral (
    select t.id from reprise.attempts as t where t.task_run_id = p.original_id
    union all
    select was.carried_attempt_id from reprise.task_runs as was where was.id = p.original_id
    offset 0
  ) as done
  cross join lateral (select c.rank from reprise.variable_changes as c where c.attempt_id = done.id offset 0) as c;
$$;

comment on function reprise_engine.rank_change is
  'Where a change of variables by this attempt belongs: in a replay, where the one was that it makes again. Null where it is the first.';
