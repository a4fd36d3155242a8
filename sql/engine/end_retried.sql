create or replace function reprise_engine.end_retried(task_run_ids bigint[], retry_ats timestamptz[])
returns void
language plpgsql volatile
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set enable_nestloop = on -- whoever calls it may have none, and would have a few rows looked for in a whole index
as $$
declare
  v_executions uuid[];
begin
  select array_agg(distinct r.execution_id) into v_executions
  from unnest(end_retried.task_run_ids) as given (id)
  cross join lateral (select r.execution_id from reprise.task_runs as r where r.id = given.id offset 0) as r;
  perform reprise_engine.end_executions(v_executions, 'RETRIED', null);

  -- The blocks around them have failed by what is retried; all else was stopped for it.
  update reprise.task_runs as r
  set state = 'RETRIED'
  where r.id = any (reprise_engine.with_around(end_retried.task_run_ids));

  -- Of several that failed at once the first decides.
  update reprise.executions as e
  set retry_at = (
    select min(given.at)
    from unnest(end_retried.task_run_ids, end_retried.retry_ats) as given (id, at)
    cross join lateral (select r.execution_id from reprise.task_runs as r where r.id = given.id offset 0) as r
    where r.execution_id = e.id
  )
  where e.id = any (v_executions);
  perform reprise_engine.enqueue_retries(v_executions);
  perform reprise_engine.log_event(
    e.id, format('Try %s failed: a new execution takes its place at %s.', e.try, to_char(e.retry_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'))
  )
  from reprise.executions as e
  where e.id = any (v_executions);
end;
$$;

comment on function reprise_engine.end_retried is
  'These task runs have failed, and by their retry a new execution is to take the place of theirs at these times: the blocks around them and '
  'their executions end as RETRIED at once, and nothing handles that but what the flow runs after its executions. The caller holds their locks.';
