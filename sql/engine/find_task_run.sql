create or replace function reprise_engine.find_task_run(execution_id uuid, task_key integer, iteration_path text[])
returns setof reprise.task_runs
language sql stable -- and without settings, so that it is inlined where it is called
as $$
  -- In two parts, since no index can be asked for what is equal or both null.
  select r.*
  from reprise.task_runs as r
  where r.execution_id = find_task_run.execution_id and r.task_key = find_task_run.task_key
    and find_task_run.iteration_path is null and r.iteration_path is null
  union all
  select r.*
  from reprise.task_runs as r
  where r.execution_id = find_task_run.execution_id and r.task_key = find_task_run.task_key
    and r.iteration_path = find_task_run.iteration_path;
$$;

comment on function reprise_engine.find_task_run is 'The task run of a task in an execution and an iteration, where there is one.';
