create or replace function reprise_engine.clear_purged(
  execution_ids uuid[],
  keeps_logs boolean default false,
  keeps_files boolean default false
)
returns reprise.purge_result
language plpgsql volatile
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
declare
  v_lines uuid[];
  v_files uuid[];
  v_deleted uuid[];
  v_all_deleted uuid[] := '{}';
  v_result reprise.purge_result;
begin
  -- Purged ancestors were kept for the sake of these; they may go now too.
  select coalesce(array_agg(distinct line.id), '{}') into v_lines
  from (select e.id, e.root_id from reprise.executions as e where e.id = any (clear_purged.execution_ids) offset 0) as e
  cross join lateral (
    select x.id, x.purged_at from reprise.executions as x where x.id in (e.id, e.root_id)
    union all
    select x.id, x.purged_at from reprise.executions as x where x.root_id = e.root_id
    offset 0
  ) as line
  where line.purged_at is not null;

  -- Those that outputs name, and those that a task stored and never named.
  select coalesce(array_agg(distinct stored.id), '{}') into v_files
  from reprise.attempts as a
  cross join lateral (
    select f.file_id as id from reprise.file_references as f where f.attempt_id = a.id
    union all
    select f.id from reprise.files as f where f.attempt_id = a.id
  ) as stored
  where a.task_run_id = any (array(select r.id from reprise.task_runs as r where r.execution_id = any (v_lines)));
  v_files := v_files || array(select distinct x.file_id from reprise.input_files as x where x.execution_id = any (v_lines));

  loop
    with deleted as (
      delete from reprise.executions as e
      where e.id = any (v_lines) and e.purged_at is not null
        and not exists (select from reprise.executions as x where x.original_id = e.id)
        and not exists (select from reprise.executions as x where x.root_id = e.id)
      returning e.id
    )
    select coalesce(array_agg(deleted.id), '{}') into v_deleted from deleted;
    exit when v_deleted = '{}';
    v_all_deleted := v_all_deleted || v_deleted;
  end loop;

  perform reprise_engine.strip_purged(array(select unnest(v_lines) except select unnest(v_all_deleted)));
  delete from reprise.logs as l where l.execution_id = any (v_all_deleted) and not keeps_logs;

  with deleted_files as (
    delete from reprise.files as f
    where f.id = any (v_files) and not clear_purged.keeps_files
      and not exists (select from reprise.file_references as x where x.file_id = f.id)
      and not exists (select from reprise.input_files as x where x.file_id = f.id offset 0)
      and not exists (select from reprise.task_cache_files as x where x.file_id = f.id)
    returning f.stored_size
  )
  select
    cardinality(clear_purged.execution_ids),
    (select count(*) from unnest(clear_purged.execution_ids) as given (id) where given.id <> all (v_all_deleted)),
    count(*),
    coalesce(sum(deleted_files.stored_size), 0)
  into v_result
  from deleted_files;

  return v_result;
end;
$$;

comment on function reprise_engine.clear_purged is
  'Deletes purged executions from the youngest replay back to the first original, as far as nothing living points at them, and the files '
  'that nobody names any more. Logs and files may be kept.';
