-- Who may do what. Run after the functions and views, each time they change.
--
-- The migrating role owns everything. Two narrow roles are taken with `set role`, or given to users who log in with nothing else:
-- reprise_graphql, the server's, reads the views of reprise_api and calls its functions; reprise_worker, the workers', calls the
-- functions of reprise_engine that workers call, and takes jobs from graphile-worker's tables. Neither sees anything else.
-- Roles belong to the whole cluster, so several databases may make them at the same moment; and the migrating role may not be
-- allowed to make them, in which case an administrator does, and `reprise doctor` says so.

do $$
declare
  v_role text;
begin
  foreach v_role in array '{reprise_worker,reprise_graphql}'::text[] loop
    begin
      if not exists (select from pg_catalog.pg_roles as r where r.rolname = v_role) then
        execute format('create role %I nologin', v_role);
      end if;
    exception
      when duplicate_object or unique_violation then
        null; -- Another database was quicker.
      when insufficient_privilege then
        raise warning 'The role % is missing and % may not create it.', v_role, current_user
          using hint = format('As an administrator: create role %I nologin; grant %I to %I;', v_role, v_role, current_user);
    end;

    begin
      if exists (select from pg_catalog.pg_roles as r where r.rolname = v_role)
        and not pg_catalog.pg_has_role(current_user, v_role, 'SET')
      then
        execute format('grant %I to %I with set true', v_role, current_user);
      end if;
    exception
      when unique_violation then
        null; -- Another database was quicker.
      when internal_error then
        if sqlerrm not like 'tuple concurrently%' then
          raise;
        end if;
      when insufficient_privilege then
        raise warning '% may not take the role %.', current_user, v_role
          using hint = format('As an administrator: grant %I to %I;', v_role, current_user);
    end;
  end loop;
end;
$$;

-- What is not granted does not exist: functions are executable by everybody unless told otherwise, and what an earlier version
-- granted is granted no more.
revoke all on all functions in schema reprise_engine, reprise_api from public;

do $$
declare
  v_role text;
  v_name text;
  v_exists boolean;
begin
  for v_role in select r.rolname from pg_catalog.pg_roles as r where r.rolname in ('reprise_worker', 'reprise_graphql') loop
    execute format('revoke all on schema reprise, reprise_engine, reprise_api, reprise_meta from %I', v_role);
    execute format('revoke all on all tables in schema reprise, reprise_api, reprise_meta from %I', v_role);
    execute format('revoke all on all sequences in schema reprise from %I', v_role);
    execute format('revoke all on all functions in schema reprise_engine, reprise_api from %I', v_role);
  end loop;

  if exists (select from pg_catalog.pg_roles as r where r.rolname = 'reprise_graphql') then
    grant usage on schema reprise to reprise_graphql; -- for the types of what it reads; it may read no table of it
    grant usage on schema reprise_api to reprise_graphql;
    grant usage on schema reprise_meta to reprise_graphql; -- calls name its table, to wait for upgrades there; none is read
    grant select on all tables in schema reprise_api to reprise_graphql;
    grant execute on all functions in schema reprise_api to reprise_graphql;
    grant execute on function reprise_engine.mask_secrets(json) to reprise_graphql; -- the views call it as whoever reads them
  end if;

  -- What workers call. These functions run as the owner, whoever calls them, so a worker needs no right on any table of ours.
  v_exists := exists (select from pg_catalog.pg_roles as r where r.rolname = 'reprise_worker');
  foreach v_name in array '{
    register_worker, beat, stop_worker, reap_lost_workers, release_attempts, find_killed_attempts, reconcile_jobs, wake_due, tend_logs,
    begin_attempts, finish_attempts, fetch_outputs, restart_subflows, end_subflows, read_subflow_outputs, read_tasks, read_error_logs, read_children, begin_children, finish_children, leave_children,
    find_directory_cache, keep_directory_cache, find_task_cache, keep_task_cache, tend_task_caches, tend_uploads, examine_inputs, append_logs, append_metrics, report_progress,
    count_executions, resume_for_task, find_ended, purge_batch, purge_files, delete_file, read_log_lines, purge_logs, is_execution,
    open_gate, start_scheduled, enforce_deadline, retry_execution, widen_block, kill_orphans, read_assertions, report_violation,
    find_secret_inputs, read_asked, read_paused, read_answer, take_answer, needs_checks, open_upload, seal_upload, open_file, append_file_chunks, seal_file, discard_file, find_file, read_file_chunk
  }'::text[] loop
    execute format('alter function reprise_engine.%I security definer', v_name);
    if v_exists then
      execute format('grant execute on function reprise_engine.%I to reprise_worker', v_name);
    end if;
  end loop;

  if v_exists then
    grant usage on schema reprise to reprise_worker; -- for the types of what it gets
    grant usage on schema reprise_engine, reprise_meta to reprise_worker;
    grant select on reprise_meta.code to reprise_worker; -- whether the database is of the worker's version

    -- graphile-worker takes, completes and gives back jobs with statements of its own, as whoever it connects as. Its tables have
    -- row level security and no policy, which is to say: for the owner only. A policy that names no column is in the way of none
    -- of its migrations.
    grant usage on schema graphile_worker to reprise_worker;
    grant select on graphile_worker.migrations, graphile_worker._private_known_crontabs to reprise_worker;
    grant select, insert on graphile_worker._private_tasks to reprise_worker;
    grant select, update, delete on graphile_worker._private_jobs to reprise_worker;
    grant select, update on graphile_worker._private_job_queues to reprise_worker;
    foreach v_name in array '{_private_tasks, _private_jobs, _private_job_queues}'::text[] loop
      if not exists (
        select
        from pg_catalog.pg_policies as p
        where p.schemaname = 'graphile_worker' and p.tablename = v_name and p.policyname = 'reprise_worker'
      ) then
        execute format(
          'create policy reprise_worker on graphile_worker.%I to reprise_worker using (true) with check (true)', v_name
        );
      end if;
    end loop;
  end if;
end;
$$;
