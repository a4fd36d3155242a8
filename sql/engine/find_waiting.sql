create or replace function reprise_engine.find_waiting(execution_ids uuid[])
returns bigint[]
language sql stable
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
  select coalesce(array_agg(r.id order by r.id), '{}')
  from reprise.task_runs as r
  cross join lateral (select t.parent_key, t.branch from reprise.tasks as t where t.key = r.task_key offset 0) as t
  where r.execution_id = any (find_waiting.execution_ids) and r.state in ('CREATED', 'RESTARTED', 'RETRYING') and r.is_put_off is null
    -- What stands in a WorkingDirectory is begun by whoever runs that.
    and (t.branch <> 'tasks' or t.parent_key is null or not exists (
      select from reprise.tasks as around where around.key = t.parent_key and around.kind = 'WORKING_DIRECTORY'
    ));
$$;

comment on function reprise_engine.find_waiting is 'The task runs of executions that wait for a worker, and so for a job.';
