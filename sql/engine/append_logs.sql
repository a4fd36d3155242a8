create or replace function reprise_engine.append_logs(
  logged_at timestamptz[],
  execution_ids uuid[],
  task_run_ids bigint[],
  attempt_ids bigint[],
  levels reprise.log_level[],
  messages text[]
)
returns void
language sql volatile
set search_path = ''
as $$
  insert into reprise.logs (logged_at, execution_id, task_run_id, attempt_id, level, message)
  select l.logged_at, l.execution_id, l.task_run_id, l.attempt_id, l.level, l.message
  from unnest(
    append_logs.logged_at, append_logs.execution_ids, append_logs.task_run_ids, append_logs.attempt_ids, append_logs.levels,
    append_logs.messages
  ) as l (logged_at, execution_id, task_run_id, attempt_id, level, message);
$$;

comment on function reprise_engine.append_logs is 'Takes log lines, many at once.';
