create or replace function reprise_engine.read_log_lines(
  execution_id uuid,
  task_ids text[],
  level reprise.log_level,
  behind bigint,
  batch integer
)
returns table (id bigint, line jsonb)
language sql stable
set search_path = ''
as $$
  select
    l.id,
    jsonb_strip_nulls(jsonb_build_object(
      'namespace', e.namespace, 'flowId', e.flow_id, 'taskId', l.task_id, 'executionId', e.id, 'taskRunId', l.task_run_id::text,
      'attemptNumber', l.attempt_number - 1,
      'timestamp', to_char(l.logged_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), 'level', l.level, 'message', l.message
    ))
  from reprise_api.logs as l
  join reprise.executions as e on e.id = l.execution_id
  where l.execution_id = read_log_lines.execution_id and l.level >= read_log_lines.level and l.id > read_log_lines.behind
    and (read_log_lines.task_ids is null or l.task_id = any (read_log_lines.task_ids))
  order by l.id
  limit read_log_lines.batch;
$$;

comment on function reprise_engine.read_log_lines is
  'Lines of the log of an execution from a level on, some at a time, as a task hands them on; attempts are counted from 0 there.';
