create or replace function reprise_engine.cache_place(
  attempt_id bigint,
  out namespace text,
  out flow_id text,
  out task_id text,
  out value text
)
language sql stable
set search_path = ''
as $$
  select t.namespace, t.flow_id, t.id, case when r.iteration is not null then r.iteration_path[cardinality(r.iteration_path)] end
  from reprise.attempts as a
  join reprise.task_runs as r on r.id = a.task_run_id
  join reprise.tasks as t on t.key = r.task_key
  where a.id = cache_place.attempt_id;
$$;

comment on function reprise_engine.cache_place is
  'Under what an attempt keeps things for executions to come: its flow, its task, and the value of its iteration directly inside a loop.';
