create or replace function reprise_engine.is_anchored(attempt_id bigint)
returns boolean
language sql stable
set search_path = ''
as $$
  with recursive around as (
    select r.execution_id, r.task_key, r.parent_id, r.iteration_path
    from reprise.attempts as a
    join reprise.task_runs as r on r.id = a.task_run_id
    join reprise.executions as e on e.id = r.execution_id and e.anchors is not null
    where a.id = is_anchored.attempt_id
    union all
    select r.execution_id, r.task_key, r.parent_id, r.iteration_path
    from around
    join reprise.task_runs as r on r.id = around.parent_id
  )
  select exists (
    select
    from around
    join reprise.tasks as t on t.key = around.task_key
    join reprise.executions as e on e.id = around.execution_id
    cross join lateral jsonb_array_elements(e.anchors) as chosen (anchor)
    where chosen.anchor ->> 'anchor' <> 'start' and chosen.anchor ->> 'taskId' = t.id
      and nullif(chosen.anchor -> 'path', 'null') is not distinct from to_jsonb(around.iteration_path)
  );
$$;

comment on function reprise_engine.is_anchored is
  'Whether an attempt is of a task run from which its execution, a replay, starts, or stands in a block from which it does. The beginning is '
  'no task run.';
