create or replace view reprise_api.logs as
select
  l.execution_id,
  l.id,
  l.logged_at,
  l.level,
  l.message,
  l.task_run_id,
  case when t.kind not in ('DEFAULTS', 'OUTPUTS', 'LOOP_OUTPUTS') then t.id end as task_id,
  case when t.kind in ('DEFAULTS', 'OUTPUTS', 'LOOP_OUTPUTS') then t.kind end as system_step,
  l.attempt_id,
  a.number as attempt_number,
  false as is_carried,
  l.attempt_id as attempt_key
from reprise.logs as l
join reprise.executions as e on e.id = l.execution_id and e.purged_at is null
left join reprise.task_runs as r on r.id = l.task_run_id
left join reprise.tasks as t on t.key = coalesce(r.task_key, l.task_key)
left join reprise.attempts as a on a.id = l.attempt_id

union all

select
  r.execution_id,
  l.id,
  l.logged_at,
  l.level,
  l.message,
  r.id,
  case when t.kind <> 'LOOP_OUTPUTS' then t.id end,
  case when t.kind = 'LOOP_OUTPUTS' then t.kind end,
  l.attempt_id,
  a.number,
  true,
  null
from reprise.task_runs as r
join reprise.executions as e on e.id = r.execution_id and e.purged_at is null
join reprise.tasks as t on t.key = r.task_key
join reprise.attempts as shown on shown.id = r.carried_attempt_id
join reprise.attempts as a on a.task_run_id = shown.task_run_id and a.number <= shown.number
join reprise.logs as l on l.attempt_id = a.id

union all

-- What attempts of purged executions said, which living replays count: to be found by the attempt, and shown in no execution.
select
  null,
  l.id,
  l.logged_at,
  l.level,
  l.message,
  null,
  t.id,
  null,
  l.attempt_id,
  a.number,
  true,
  l.attempt_id
from reprise.logs as l
join reprise.executions as e on e.id = l.execution_id and e.purged_at is not null
join reprise.attempts as a on a.id = l.attempt_id
join reprise.task_runs as r on r.id = a.task_run_id
join reprise.tasks as t on t.key = r.task_key;

comment on view reprise_api.logs is
  'What tasks and the engine said, a line each: in the execution itself, and in the attempts that it carries.';
comment on column reprise_api.logs.execution_id is 'The execution that shows it; empty for what an attempt of a purged execution said.';
comment on column reprise_api.logs.id is 'Lines in the order they were taken.';
comment on column reprise_api.logs.logged_at is 'When it was said, by the worker''s clock.';
comment on column reprise_api.logs.level is 'How grave it is.';
comment on column reprise_api.logs.message is 'The text, without colours.';
comment on column reprise_api.logs.task_run_id is 'The task run of this execution that said it, or carries the attempt that did.';
comment on column reprise_api.logs.task_id is 'The id of its task.';
comment on column reprise_api.logs.system_step is 'The system step that said it: DEFAULTS or OUTPUTS. Empty for what tasks say.';
comment on column reprise_api.logs.attempt_id is 'The attempt that said it.';
comment on column reprise_api.logs.attempt_number is 'The number of that attempt.';
comment on column reprise_api.logs.is_carried is 'Whether it was said in an earlier execution, by an attempt that this one carries.';
comment on column reprise_api.logs.attempt_key is 'The attempt that said it; empty where it is carried, so that each line of an attempt is found once.';
