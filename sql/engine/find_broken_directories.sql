create or replace function reprise_engine.find_broken_directories(execution_id uuid, handled bigint[])
returns bigint[]
language plpgsql stable
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
begin
  return (
    select coalesce(array_agg(r.id), '{}')
    from (select r.id, r.task_key, r.state from reprise.task_runs as r where r.execution_id = find_broken_directories.execution_id offset 0) as r
    cross join lateral (select t.kind from reprise.tasks as t where t.key = r.task_key offset 0) as t
    where t.kind = 'WORKING_DIRECTORY' and r.id not in (select unnest(find_broken_directories.handled))
      and (
        r.state in ('FAILED', 'KILLED', 'CANCELLED', 'RETRIED')
        or exists (
          select
          from reprise.task_runs as c
          cross join lateral (select t.branch from reprise.tasks as t where t.key = c.task_key offset 0) as inside
          where c.parent_id = r.id and c.state in ('FAILED', 'KILLED', 'CANCELLED', 'RETRIED') and inside.branch = 'tasks'
          offset 0
        )
      )
  );
end;
$$;

comment on function reprise_engine.find_broken_directories is
  'The WorkingDirectories of an execution in which something failed or was stopped: each runs again as a whole, as one task. handled: what is no business of a restart.';
