-- What a WorkingDirectory keeps from one execution to the next, so that it need not be fetched or built again.
--
-- A cache owns its file, which belongs to no attempt any more: purging the execution that made it does not lose it, and a newer one
-- takes its place.

create table reprise.directory_caches (
  namespace text not null,
  flow_id text not null,
  task_id text not null,
  value text,
  file_id uuid not null,
  stored_at timestamptz not null,
  constraint directory_caches_place_key unique nulls not distinct (namespace, flow_id, task_id, value),
  constraint directory_caches_flow_fkey foreign key (namespace, flow_id) references reprise.flows (namespace, id) on delete cascade,
  constraint directory_caches_file_id_fkey foreign key (file_id) references reprise.files (id) on delete cascade
);
create index directory_caches_file_id_idx on reprise.directory_caches (file_id);
comment on table reprise.directory_caches is 'The cached files of a WorkingDirectory, as an archive: the newest of each.';
comment on column reprise.directory_caches.namespace is 'The namespace of the flow.';
comment on column reprise.directory_caches.flow_id is 'The id of the flow.';
comment on column reprise.directory_caches.task_id is 'The id of the WorkingDirectory; another revision''s finds it too.';
comment on column reprise.directory_caches.value is 'The value of the iteration in which it stands, directly inside a loop.';
comment on column reprise.directory_caches.file_id is 'The archive.';
comment on column reprise.directory_caches.stored_at is 'When it was stored: how old it may be is for the task to say.';
