-- The files that tasks hand on, in chunks, and who still needs them.

create type reprise.file_state as enum ('WRITING', 'STORED');
comment on type reprise.file_state is 'A file is read only once it is STORED; one that is still WRITING when its attempt fails is removed.';

create table reprise.files (
  id uuid not null,
  uri text not null,
  name text not null,
  state reprise.file_state not null default 'WRITING',
  size bigint not null default 0,
  stored_size bigint not null default 0,
  chunk_size integer not null,
  chunk_count integer not null default 0,
  attempt_id bigint,
  created_at timestamptz not null,
  constraint files_pkey primary key (id),
  constraint files_uri_key unique (uri),
  constraint files_attempt_id_fkey foreign key (attempt_id) references reprise.attempts (id) on delete set null,
  constraint files_size_check check (size >= 0 and stored_size >= 0 and chunk_count >= 0 and chunk_size > 0),
  constraint files_chunk_count_check check (chunk_count = (size + chunk_size - 1) / chunk_size)
);
create index files_attempt_id_idx on reprise.files (attempt_id) where attempt_id is not null;
comment on table reprise.files is 'A file that a task stored.';
comment on column reprise.files.id is 'The key that its chunks carry.';
comment on column reprise.files.uri is 'How outputs name it: kestra:///company/team/….';
comment on column reprise.files.name is 'The name that a download gets.';
comment on column reprise.files.state is 'Whether it is complete.';
comment on column reprise.files.size is 'Its length in bytes.';
comment on column reprise.files.stored_size is 'The bytes that it takes after compression.';
comment on column reprise.files.chunk_size is
  'How many bytes of the file a chunk holds before compression; the last may hold fewer. So any byte can be found.';
comment on column reprise.files.chunk_count is 'How many chunks it has.';
comment on column reprise.files.attempt_id is 'The attempt that stored it.';
comment on column reprise.files.created_at is 'When writing began.';

create table reprise.file_chunks (
  file_id uuid not null,
  number integer not null,
  data bytea not null,
  constraint file_chunks_pkey primary key (file_id, number),
  constraint file_chunks_file_id_fkey foreign key (file_id) references reprise.files (id) on delete cascade,
  constraint file_chunks_number_check check (number >= 0)
);
-- Chunks are compressed before they come here; a second try would only cost time.
alter table reprise.file_chunks alter column data set storage external;
comment on table reprise.file_chunks is 'A piece of a file, compressed by itself (zstd), so that any piece can be read alone.';
comment on column reprise.file_chunks.file_id is 'Its file.';
comment on column reprise.file_chunks.number is 'Its place, from 0.';
comment on column reprise.file_chunks.data is 'The compressed bytes.';

create table reprise.file_references (
  file_id uuid not null,
  attempt_id bigint not null,
  constraint file_references_pkey primary key (file_id, attempt_id),
  constraint file_references_file_id_fkey foreign key (file_id) references reprise.files (id) on delete cascade,
  constraint file_references_attempt_id_fkey foreign key (attempt_id) references reprise.attempts (id) on delete cascade
);
create index file_references_attempt_id_idx on reprise.file_references (attempt_id);
comment on table reprise.file_references is 'Which attempts name a file in their outputs: it is needed while one of them is.';
comment on column reprise.file_references.file_id is 'The file.';
comment on column reprise.file_references.attempt_id is 'The attempt that needs it.';
