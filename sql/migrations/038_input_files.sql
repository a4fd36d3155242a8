-- Files that are given as inputs: uploaded before there is an execution, and needed as long as one has them.

alter table reprise.files
  add column uploaded_at timestamptz;
create index files_uploaded_at_idx on reprise.files (uploaded_at) where uploaded_at is not null;
comment on column reprise.files.uploaded_at is
  'When somebody uploaded it, until an execution has it as an input. One that none takes goes after a day.';

create table reprise.input_files (
  file_id uuid not null,
  execution_id uuid not null,
  constraint input_files_pkey primary key (file_id, execution_id),
  constraint input_files_file_id_fkey foreign key (file_id) references reprise.files (id) on delete cascade,
  constraint input_files_execution_id_fkey foreign key (execution_id) references reprise.executions (id) on delete cascade
);
create index input_files_execution_id_idx on reprise.input_files (execution_id);
comment on table reprise.input_files is 'Which executions name a file in their inputs: it is needed while one of them is there.';
comment on column reprise.input_files.file_id is 'The file.';
comment on column reprise.input_files.execution_id is 'The execution that has it.';
