create or replace function reprise_engine.purge_files(execution_ids uuid[])
returns setof text
language sql volatile
set search_path = ''
as $$
  delete from reprise.files as f
  where f.id = any (array(
      select f.id
      from reprise.task_runs as r
      join reprise.attempts as a on a.task_run_id = r.id
      join reprise.files as f on f.attempt_id = a.id
      where r.execution_id = any (purge_files.execution_ids)
      union all
      -- What no attempt has stored was uploaded for them.
      select f.id
      from reprise.input_files as x
      join reprise.files as f on f.id = x.file_id and f.attempt_id is null
      where x.execution_id = any (purge_files.execution_ids)
    ))
    and f.state = 'STORED'
    and not exists (select from reprise.task_cache_files as c where c.file_id = f.id)
    -- Others may have it as an output of their own, or of an attempt that they carry.
    and not exists (
      select
      from reprise.file_references as x
      join reprise.attempts as a on a.id = x.attempt_id
      join reprise.task_runs as r on r.id = a.task_run_id or r.carried_attempt_id = a.id
      join reprise.executions as e on e.id = r.execution_id and e.purged_at is null
      where x.file_id = f.id and e.id <> all (purge_files.execution_ids)
    )
    -- Or as an input.
    and not exists (
      select
      from reprise.input_files as x
      join reprise.executions as e on e.id = x.execution_id and e.purged_at is null
      where x.file_id = f.id and e.id <> all (purge_files.execution_ids)
    )
  returning f.uri;
$$;

comment on function reprise_engine.purge_files is
  'Deletes the files that these executions have stored, and those that were uploaded as their inputs, but for those that others name and '
  'those that a cache keeps. Returns their URIs.';
