create or replace function reprise_engine.end_executions(
  execution_ids uuid[],
  verdict reprise.execution_state,
  error jsonb
)
returns void
language plpgsql volatile
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
declare
  v_now timestamptz := reprise_engine.clock();
  v_stopped bigint[];
  v_orphaning uuid[];
begin
  -- What runs is taken from its workers: an attempt that has ended takes no result, and whoever runs it is told to stop.
  with stopped as (
    update reprise.attempts as a
    set state = 'KILLED', ended_at = v_now, error = end_executions.error, progress = null, progress_note = null
    where a.id = any (array(
      select own.id
      from reprise.task_runs as r
      cross join lateral (
        select own.id
        from reprise.attempts as own
        where own.task_run_id = r.id and own.number = r.attempt_number and own.ended_at is null
        offset 0
      ) as own
      where r.execution_id = any (end_executions.execution_ids) and r.state = 'RUNNING'
    ))
    returning a.id
  )
  select coalesce(array_agg(s.id), '{}') into v_stopped from stopped as s;
  if v_stopped <> '{}' then
    perform reprise_engine.discard_attempts(v_stopped);
    perform pg_notify('reprise_kill', e.id::text) from unnest(end_executions.execution_ids) as e (id);
  end if;

  perform reprise_engine.stop_subflows(
    array(select r.id from reprise.task_runs as r where r.execution_id = any (end_executions.execution_ids) and r.state = 'RUNNING'), end_executions.error
  );

  -- Where it is ended from outside the last of its task runs shows that, as in Kestra; the others were stopped for it.
  update reprise.task_runs as r
  set
    state = case
      when end_executions.error is not null and r.id = any (array(
        select (select max(x.id) from reprise.task_runs as x where x.execution_id = e.id offset 0)
        from unnest(end_executions.execution_ids) as e (id)
      )) then end_executions.verdict::text
      else 'KILLED'
    end::reprise.task_run_state,
    ended_at = v_now, retry_at = null
  where r.execution_id = any (end_executions.execution_ids) and r.ended_at is null;

  update reprise.executions as e
  set verdict = end_executions.verdict, error = end_executions.error, is_scheduled = false
  where e.id = any (end_executions.execution_ids);
  perform reprise_engine.close_executions(end_executions.execution_ids);

  -- What they have started ends with them, in a transaction of its own: the caller may hold executions that sort behind it.
  with orphaning as (
    update reprise.executions as e
    set has_orphans = true
    where e.id = any (array(
      select r.execution_id
      from reprise.task_runs as r
      cross join lateral (
        select from reprise.executions as c where c.parent_task_run_id = r.id and (c.ended_at is null or c.retry_at is not null) offset 0
      ) as c
      where r.execution_id = any (end_executions.execution_ids)
    ))
    returning e.id
  )
  select array_agg(o.id) into v_orphaning from orphaning as o;
  if v_orphaning is not null then
    perform reprise_engine.enqueue_orphans(v_orphaning);
  end if;
end;
$$;

comment on function reprise_engine.end_executions is
  'Ends executions at once, in this state and for this reason: what runs in them is stopped, what waits does not begin, and nothing '
  'handles it but what the flow runs after its executions. The caller holds their locks, and none of them is being killed.';
