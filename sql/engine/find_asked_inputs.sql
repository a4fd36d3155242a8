create or replace function reprise_engine.find_asked_inputs(execution_id uuid)
returns json
language sql stable
set search_path = ''
as $$
  select coalesce(
    (
      select p.inputs
      from reprise.executions as e
      cross join lateral (select r.id from reprise.task_runs as r where r.execution_id = e.id and r.state = 'PAUSED' offset 0) as r
      join reprise.pauses as p on p.task_run_id = r.id
      where e.id = find_asked_inputs.execution_id and not e.is_held
      order by r.id
      limit 1
    ),
    '[]'
  );
$$;

comment on function reprise_engine.find_asked_inputs is
  'What the Pause asks for that would be resumed first, for a task that resumes it and has the key of its secrets.';
