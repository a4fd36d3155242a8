-- What the migrations themselves need: the four schemas, and the record of what was applied. Run by every migration.

create schema if not exists reprise;
comment on schema reprise is 'The data: tables, types and indexes. It changes by numbered migrations.';
create schema if not exists reprise_engine;
comment on schema reprise_engine is 'The state machine: private functions, replaced as a whole when their files change.';
create schema if not exists reprise_api;
comment on schema reprise_api is 'The verbs that people call: thin functions, replaced as a whole when their files change.';
create schema if not exists reprise_meta;
comment on schema reprise_meta is 'What was applied to this database.';

create table if not exists reprise_meta.migrations (
  name text not null,
  sha256 text not null,
  applied_at timestamptz not null default now(),
  constraint migrations_pkey primary key (name)
);
comment on table reprise_meta.migrations is 'The migration files that were applied, with the hash that each had then.';

create table if not exists reprise_meta.code (
  is_current boolean not null default true,
  sha256 text not null,
  version text not null,
  applied_at timestamptz not null default now(),
  constraint code_pkey primary key (is_current),
  constraint code_is_current_check check (is_current)
);
comment on table reprise_meta.code is
  'The one row says which function files this database holds: the hash of them all, and the version they came with.';
