-- What a purge answers.

create type reprise.purge_result as (
  purged_count integer,
  kept_count integer,
  deleted_file_count integer,
  freed_bytes bigint
);
comment on type reprise.purge_result is 'What a purge did.';
comment on column reprise.purge_result.purged_count is 'How many executions it purged.';
comment on column reprise.purge_result.kept_count is 'How many of them keep what living replays still point at, out of sight.';
comment on column reprise.purge_result.deleted_file_count is 'How many files nobody needed any more.';
comment on column reprise.purge_result.freed_bytes is 'The stored bytes of those files.';
