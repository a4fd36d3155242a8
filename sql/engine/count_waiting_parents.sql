create or replace function reprise_engine.count_waiting_parents(execution_id uuid)
returns integer
language sql stable
set search_path = ''
as $$
  with recursive line (depth, parent_task_run_id) as (
    select 0, e.parent_task_run_id from reprise.executions as e where e.id = count_waiting_parents.execution_id
    union all
    select line.depth + 1, e.parent_task_run_id
    from line
    cross join lateral (select r.* from reprise.task_runs as r where r.id = line.parent_task_run_id and r.ended_at is null offset 0) as r
    cross join lateral (select e.* from reprise.executions as e where e.id = r.execution_id offset 0) as e
  )
  select max(line.depth) from line;
$$;

comment on function reprise_engine.count_waiting_parents is 'How many executions wait for this one to end: its parent, the parent of that, and so on.';
