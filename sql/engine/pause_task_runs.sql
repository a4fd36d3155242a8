create or replace function reprise_engine.pause_task_runs(task_run_ids bigint[])
returns reprise.opening[]
language plpgsql volatile
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
declare
  v_now timestamptz := reprise_engine.clock();
  v_openings reprise.opening[];
  v_gone bigint[];
begin
  with asked as materialized (
    select r.id, r.execution_id, r.task_key, r.iteration_path, a.id as attempt_id, a.outputs -> 'pause' as pause
    from reprise.task_runs as r
    join reprise.attempts as a on a.task_run_id = r.id and a.number = r.attempt_number
    where r.id = any (pause_task_runs.task_run_ids)
  ), noted as (
    insert into reprise.pauses (task_run_id, due_at, ending, inputs)
    select
      a.id, v_now + (a.pause ->> 'waitMs')::double precision * interval '1 millisecond',
      coalesce(a.pause ->> 'ending', 'SUCCESS')::reprise.task_run_state, coalesce(a.pause -> 'inputs', '[]')
    from asked as a
  ), taken as (
    update reprise.attempts as x
    set outputs = null
    where x.id = any (array(select a.attempt_id from asked as a))
  ), paused as (
    update reprise.task_runs as r set state = 'PAUSED' where r.id = any (pause_task_runs.task_run_ids)
  )
  select coalesce(array_agg(row(a.execution_id, t.key, null, null, a.iteration_path)::reprise.opening), '{}') into v_openings
  from asked as a
  join reprise.tasks as t on t.parent_key = a.task_key and t.branch = 'onPause' and not t.is_disabled;

  -- What an earlier wait of theirs has run, before a restart or in an earlier iteration of a LoopUntil, runs anew.
  v_gone := array(
    select r.id
    from unnest(v_openings) as o
    cross join lateral reprise_engine.find_task_run(o.execution_id, o.task_key, o.iteration_path) as r
    where r.ended_at is not null
  );
  if v_gone <> '{}' then
    perform reprise_engine.remember_carried(v_gone, counts_own => true);
    perform reprise_engine.drop_task_runs(v_gone);
  end if;

  perform reprise_engine.pause_executions(array(
    select r.execution_id from reprise.task_runs as r where r.id = any (pause_task_runs.task_run_ids)
  ));
  return v_openings;
end;
$$;

comment on function reprise_engine.pause_task_runs is
  'These Pauses begin to wait; returns what they run meanwhile, for which nobody waits. The caller holds the locks of their executions.';
