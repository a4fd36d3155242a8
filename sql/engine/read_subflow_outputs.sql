create or replace function reprise_engine.read_subflow_outputs(task_run_id bigint, behind integer, batch integer default 500)
returns table (iteration integer, outputs json)
language sql stable
set search_path = ''
as $$
  -- The task run beside this one, or where a replay carries that, the one that it was made by.
  select s.iteration, c.outputs
  from reprise.task_runs as merging
  join reprise.task_runs as items on items.execution_id = merging.execution_id and items.parent_id = merging.parent_id
  join reprise.tasks as t on t.key = items.task_key and t.kind = 'SUBFLOW'
  left join reprise.attempts as carried on carried.id = items.carried_attempt_id
  join reprise.subflows as s
    on s.task_run_id = coalesce(carried.task_run_id, items.id) and s.attempt_number = coalesce(carried.number, items.attempt_number)
    and s.iteration > read_subflow_outputs.behind
  join reprise.executions as c on c.id = s.execution_id
  where merging.id = read_subflow_outputs.task_run_id
  order by s.iteration
  limit read_subflow_outputs.batch;
$$;

comment on function reprise_engine.read_subflow_outputs is
  'What the children of a ForEachItem have given, to the task run that merges that: in the order of the batches, some at a time.';
