create or replace view reprise_api.files as
select
  f.id,
  r.id as task_run_id,
  r.execution_id,
  f.uri,
  f.name,
  f.size,
  '/files/' || f.id as url,
  false as is_carried,
  f.created_at
from reprise.files as f
join reprise.file_references as x on x.file_id = f.id
join reprise.attempts as a on a.id = x.attempt_id
join reprise.task_runs as r on r.id = a.task_run_id and r.attempt_number = a.number and r.carried_attempt_id is null
join reprise.tasks as t on t.key = r.task_key and t.kind not in ('DEFAULTS', 'OUTPUTS', 'LOOP_OUTPUTS')
join reprise.executions as e on e.id = r.execution_id and e.purged_at is null
where f.state = 'STORED'

union all

select f.id, r.id, r.execution_id, f.uri, f.name, f.size, '/files/' || f.id, true, f.created_at
from reprise.files as f
join reprise.file_references as x on x.file_id = f.id
join reprise.task_runs as r on r.carried_attempt_id = x.attempt_id
join reprise.tasks as t on t.key = r.task_key and t.kind <> 'LOOP_OUTPUTS'
join reprise.executions as e on e.id = r.execution_id and e.purged_at is null
where f.state = 'STORED';

comment on view reprise_api.files is 'A file that a task run names in its outputs.';
comment on column reprise_api.files.id is 'The id of the file: the same wherever it is carried.';
comment on column reprise_api.files.task_run_id is 'The task run that names it.';
comment on column reprise_api.files.execution_id is 'The execution of that task run.';
comment on column reprise_api.files.uri is 'How outputs name it: kestra:///company/team/….';
comment on column reprise_api.files.name is 'The name that a download gets.';
comment on column reprise_api.files.size is 'Its length in bytes.';
comment on column reprise_api.files.url is 'Where this server gives it out.';
comment on column reprise_api.files.is_carried is 'Whether an earlier execution made it.';
comment on column reprise_api.files.created_at is 'When writing it began.';
