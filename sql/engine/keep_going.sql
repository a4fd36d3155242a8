create or replace function reprise_engine.keep_going(task_run_ids bigint[], retried bigint[])
returns bigint[]
language sql volatile
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set enable_nestloop = on -- whoever calls it may have none, and would have a few rows looked for in a whole index
as $$
  select coalesce(array_agg(r.id), '{}')
  from reprise.task_runs as r
  where r.id = any (keep_going.task_run_ids)
    and r.execution_id <> all (array(select x.execution_id from reprise.task_runs as x where x.id = any (keep_going.retried)));
$$;

comment on function reprise_engine.keep_going is
  'Those of these task runs whose executions go on, where others have just ended by what was retried in them.';
