create or replace function reprise_engine.find_replayed(execution_id uuid, task_key integer, iteration_path text[])
returns setof reprise.replayed_task_runs
language sql stable -- and without settings, so that it is inlined where it is called
as $$
  select p.*
  from reprise.replayed_task_runs as p
  where p.execution_id = find_replayed.execution_id and p.task_key = find_replayed.task_key
    and find_replayed.iteration_path is null and p.iteration_path is null
  union all
  select p.*
  from reprise.replayed_task_runs as p
  where p.execution_id = find_replayed.execution_id and p.task_key = find_replayed.task_key
    and p.iteration_path = find_replayed.iteration_path;
$$;

comment on function reprise_engine.find_replayed is 'What a replay remembers of a task that runs again in it, in an iteration.';
