create or replace function reprise_engine.purge_batch(
  execution_ids uuid[],
  purges_executions boolean,
  purges_logs boolean,
  purges_metrics boolean,
  purges_files boolean,
  out executions_count bigint,
  out logs_count bigint,
  out metrics_count bigint,
  out files_count bigint
)
language plpgsql volatile
set search_path = ''
as $$
declare
  v_result reprise.purge_result;
begin
  -- Lock, in the order of every purge; and guard: somebody may have restarted one since it was found.
  perform pg_advisory_xact_lock(20290, -3);
  perform from reprise.executions as e where e.id = any (purge_batch.execution_ids) order by e.id for no key update;
  purge_batch.execution_ids := array(
    select e.id
    from reprise.executions as e
    where e.id = any (purge_batch.execution_ids) and e.ended_at is not null and not e.is_finishing
    order by e.id
  );

  logs_count := 0;
  metrics_count := 0;
  files_count := 0;
  if purges_logs then
    delete from reprise.logs as l where l.execution_id = any (purge_batch.execution_ids);
    get diagnostics logs_count = row_count;
  end if;
  if purges_metrics then
    delete from reprise.metrics as m where m.execution_id = any (purge_batch.execution_ids);
    get diagnostics metrics_count = row_count;
  end if;
  if purges_files then
    select count(*) into files_count from reprise_engine.purge_files(purge_batch.execution_ids);
  end if;

  executions_count := 0;
  if purges_executions then
    v_result := reprise_engine.purge_executions(purge_batch.execution_ids, keeps_logs => not purges_logs, keeps_files => not purges_files);
    executions_count := v_result.purged_count;
    files_count := files_count + v_result.deleted_file_count;
  end if;
end;
$$;

comment on function reprise_engine.purge_batch is
  'Purges executions, or only their logs, metrics or files, or a part of these. What living replays point at stays.';
