create or replace function reprise_engine.read_error_logs(execution_id uuid, most integer default 1000)
returns table (logged_at timestamptz, message text, task_id text, task_run_id bigint, attempt_number integer)
language sql stable
set search_path = ''
as $$
  select l.logged_at, l.message, t.id, l.task_run_id, a.number
  from reprise.logs as l
  left join reprise.task_runs as r on r.id = l.task_run_id
  left join reprise.tasks as t on t.key = coalesce(r.task_key, l.task_key)
  left join reprise.attempts as a on a.id = l.attempt_id
  where l.execution_id = read_error_logs.execution_id and l.level = 'ERROR'
  order by l.id
  limit read_error_logs.most;
$$;

comment on function reprise_engine.read_error_logs is
  'What an execution has said of its errors so far, the first first: what `errorLogs()` gives to a template.';
