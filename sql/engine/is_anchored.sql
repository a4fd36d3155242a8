create or replace function reprise_engine.is_anchored(attempt_id bigint)
returns boolean
language sql stable
set search_path = ''
as $$
  with recursive around as (
    select r.execution_id, r.task_key, r.parent_id, r.iteration_path
    from (select a.task_run_id from reprise.attempts as a where a.id = is_anchored.attempt_id offset 0) as a
    cross join lateral (select r.* from reprise.task_runs as r where r.id = a.task_run_id offset 0) as r
    cross join lateral (select from reprise.executions as e where e.id = r.execution_id and e.anchors is not null offset 0) as e
    union all
    select r.execution_id, r.task_key, r.parent_id, r.iteration_path
    from around
    cross join lateral (select r.* from reprise.task_runs as r where r.id = around.parent_id offset 0) as r
  )
  select exists (
    select
    from around
    cross join lateral (select t.id from reprise.tasks as t where t.key = around.task_key offset 0) as t
    cross join lateral (select e.anchors from reprise.executions as e where e.id = around.execution_id offset 0) as e
    cross join lateral jsonb_array_elements(e.anchors) as chosen (anchor)
    where chosen.anchor ->> 'anchor' <> 'start' and chosen.anchor ->> 'taskId' = t.id
      and nullif(chosen.anchor -> 'path', 'null') is not distinct from to_jsonb(around.iteration_path)
  );
$$;

comment on function reprise_engine.is_anchored is
  'Whether an attempt is of a task run from which its execution, a replay, starts, or stands in a block from which it does. The beginning is '
  'no task run.';
