-- The checks on what 020 has added, and what tasks keep of their outputs for executions to come.

alter table reprise.task_runs
  drop constraint task_runs_ended_at_check,
  add constraint task_runs_ended_at_check check (
    (ended_at is not null) = (state in ('SUCCESS', 'WARNING', 'FAILED', 'KILLED', 'CANCELLED', 'RETRIED', 'SKIPPED'))
  );

-- A cache has a copy of the outputs, and needs their files by itself: purging the execution that made them does not lose it.

create table reprise.task_caches (
  id bigint generated always as identity,
  namespace text not null,
  flow_id text not null,
  task_id text not null,
  value text,
  hash text not null,
  outputs jsonb not null,
  stored_at timestamptz not null,
  expires_at timestamptz,
  constraint task_caches_pkey primary key (id),
  constraint task_caches_place_key unique nulls not distinct (namespace, flow_id, task_id, hash, value),
  constraint task_caches_flow_fkey foreign key (namespace, flow_id) references reprise.flows (namespace, id) on delete cascade
);
create index task_caches_expires_at_idx on reprise.task_caches (expires_at) where expires_at is not null;
comment on table reprise.task_caches is 'Outputs that a task has made and keeps, so that an execution that asks for the same need not make them again.';
comment on column reprise.task_caches.id is 'The key of the row.';
comment on column reprise.task_caches.namespace is 'The namespace of the flow.';
comment on column reprise.task_caches.flow_id is 'The id of the flow.';
comment on column reprise.task_caches.task_id is 'The id of the task; another revision''s finds it too.';
comment on column reprise.task_caches.value is 'The value of the iteration in which it stands, directly inside a loop.';
comment on column reprise.task_caches.hash is 'The SHA-256 of its type and its rendered properties.';
comment on column reprise.task_caches.outputs is 'The outputs.';
comment on column reprise.task_caches.stored_at is 'When they were stored: what the ttl of whoever looks for them counts from.';
comment on column reprise.task_caches.expires_at is 'When nobody needs them any more, by the ttl of the task that stored them; empty without one.';

create table reprise.task_cache_files (
  task_cache_id bigint not null,
  file_id uuid not null,
  constraint task_cache_files_pkey primary key (task_cache_id, file_id),
  constraint task_cache_files_task_cache_id_fkey foreign key (task_cache_id) references reprise.task_caches (id) on delete cascade,
  constraint task_cache_files_file_id_fkey foreign key (file_id) references reprise.files (id) on delete cascade
);
create index task_cache_files_file_id_idx on reprise.task_cache_files (file_id);
comment on table reprise.task_cache_files is 'Which files the outputs in a cache name: they are needed as long as it lives.';
comment on column reprise.task_cache_files.task_cache_id is 'The cache.';
comment on column reprise.task_cache_files.file_id is 'The file.';
