create or replace view reprise_api.input_files as
select f.id, x.execution_id, f.uri, f.name, f.size, '/files/' || f.id as url, f.created_at
from reprise.files as f
join reprise.input_files as x on x.file_id = f.id
join reprise.executions as e on e.id = x.execution_id and e.purged_at is null
where f.state = 'STORED';

comment on view reprise_api.input_files is 'A file that an execution was given as an input.';
comment on column reprise_api.input_files.id is 'The id of the file: the same in replays that have it too.';
comment on column reprise_api.input_files.execution_id is 'The execution that has it.';
comment on column reprise_api.input_files.uri is 'How inputs name it: kestra:///inputs/….';
comment on column reprise_api.input_files.name is 'The name that a download gets.';
comment on column reprise_api.input_files.size is 'Its length in bytes.';
comment on column reprise_api.input_files.url is 'Where this server gives it.';
comment on column reprise_api.input_files.created_at is 'When its upload began.';
