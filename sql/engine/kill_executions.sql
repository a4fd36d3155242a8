create or replace function reprise_engine.kill_executions(execution_ids uuid[], actor text)
returns uuid[]
language plpgsql volatile
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
declare
  v_count integer;
  v_now timestamptz;
  v_ids uuid[];
  v_scheduled uuid[];
  v_retried uuid[];
  v_waiting bigint[];
begin
  -- Lock: those and their children, in the order of their ids.
  perform
  from reprise.executions as e
  where e.id = any (reprise_engine.find_descendants(kill_executions.execution_ids)) and (e.ended_at is null or e.retry_at is not null)
  order by e.id
  for no key update;
  get diagnostics v_count = row_count;

  -- And again, for those that came before their parent was locked: as they may sort before what is locked already, nobody is waited for. One
  -- that somebody holds, or that comes even later, is found by reconcile_jobs.
  loop
    select
      coalesce(array_agg(locked.id) filter (where not locked.is_retried), '{}'), array_agg(locked.id) filter (where locked.is_scheduled),
      array_agg(locked.id) filter (where locked.is_retried)
    into v_ids, v_scheduled, v_retried
    from (
      select e.id, e.is_scheduled, e.retry_at is not null as is_retried
      from reprise.executions as e
      where e.id = any (reprise_engine.find_descendants(kill_executions.execution_ids)) and (e.ended_at is null or e.retry_at is not null)
      order by e.id
      for no key update skip locked
    ) as locked;
    exit when coalesce(cardinality(v_ids), 0) + coalesce(cardinality(v_retried), 0) = v_count;
    v_count := coalesce(cardinality(v_ids), 0) + coalesce(cardinality(v_retried), 0);
  end loop;

  -- Change.
  v_now := reprise_engine.clock();
  update reprise.executions as e
  set state = 'KILLING', killing_at = coalesce(e.killing_at, v_now), is_scheduled = false
  where e.id = any (v_ids) and e.ended_at is null;
  -- What waits for children runs nothing itself.
  select coalesce(array_agg(r.id), '{}') into v_waiting
  from unnest(v_ids) as e (id)
  cross join lateral (
    select r.id, r.attempt_number, r.state from reprise.task_runs as r where r.execution_id = e.id and r.ended_at is null offset 0
  ) as r
  where r.state <> 'RUNNING' or exists (
    select from reprise.subflows as s where s.task_run_id = r.id and s.attempt_number = r.attempt_number offset 0
  );
  perform reprise_engine.stop_subflows(v_waiting, '{"reason": "killed", "message": "The execution was killed."}');
  update reprise.task_runs as r set state = 'KILLED', ended_at = v_now, retry_at = null where r.id = any (v_waiting);

  -- Consequence.
  perform graphile_worker.remove_job('start:' || early.id) from unnest(v_scheduled) as early (id);
  perform reprise_engine.close_killed(v_ids);
  if v_retried is not null then
    -- They have ended, and nothing takes their place any more.
    perform reprise_engine.give_up_retry(v_retried, 'KILLED', null);
    v_ids := v_ids || v_retried;
  end if;
  perform reprise_engine.log_event(
    killed.id,
    case when killed.id = any (kill_executions.execution_ids) then format('Killed by %s.', kill_executions.actor) else 'Killed with its parent execution.' end
  )
  from unnest(v_ids) as killed (id);

  -- Notify.
  perform reprise_engine.notify_executions(v_ids);
  perform pg_notify('reprise_kill', killed.id::text) from unnest(kill_executions.execution_ids) as killed (id) where v_ids <> '{}';
  return v_ids;
end;
$$;

comment on function reprise_engine.kill_executions is
  'Kills executions and all that they have started, as far as they have not ended: what waits does not start, what runs is stopped by its '
  'worker. Returns which.';
