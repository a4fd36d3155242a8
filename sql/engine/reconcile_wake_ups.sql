create or replace function reprise_engine.reconcile_wake_ups(batch integer)
returns integer
language plpgsql volatile
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
declare
  v_late timestamptz := reprise_engine.clock() - interval '5 seconds';
  v_starts uuid[];
  v_deadlines uuid[];
  v_retries uuid[];
  v_waves bigint[];
  v_answers bigint[];
  v_gates record;
begin
  -- Those whose time came a while ago have lost their jobs, or these were put off through a fault.
  select coalesce(array_agg(late.id), '{}') into v_starts
  from (
    select e.id from reprise.executions as e where e.is_scheduled and e.schedule_date <= v_late order by e.schedule_date limit batch
  ) as late;
  perform reprise_engine.enqueue_starts(v_starts);
  select coalesce(array_agg(late.id), '{}') into v_deadlines
  from (
    select e.id
    from reprise.executions as e
    where e.deadline_at <= v_late and e.ended_at is null and e.state <> 'KILLING'
    order by e.deadline_at
    limit batch
  ) as late;
  perform reprise_engine.enqueue_deadlines(v_deadlines);
  select coalesce(array_agg(late.id), '{}') into v_retries
  from (select e.id from reprise.executions as e where e.retry_at <= v_late order by e.retry_at limit batch) as late;
  perform reprise_engine.enqueue_retries(v_retries);

  select coalesce(array_agg(late.id), '{}') into v_waves
  from (
    select b.task_run_id as id
    from reprise.blocks as b
    join reprise.task_runs as r on r.id = b.task_run_id
    join reprise.executions as e on e.id = r.execution_id
    where b.wave is not null and b.begun_lanes < b.lanes and e.ended_at is null and not e.is_ending and e.state <> 'KILLING'
      and r.ended_at is null
      and not exists (select from graphile_worker.jobs as j where j.key = 'wave:' || b.task_run_id and j.attempts < j.max_attempts)
    order by b.task_run_id
    limit batch
  ) as late;
  perform reprise_engine.enqueue_waves(v_waves);

  select coalesce(array_agg(late.id), '{}') into v_answers
  from (
    select p.task_run_id as id
    from reprise.pauses as p
    -- One that was stopped, as by a kill, goes on no more.
    cross join lateral (select from reprise.task_runs as r where r.id = p.task_run_id and r.state = 'PAUSED' offset 0) as r
    where p.answer is not null
      and not exists (select from graphile_worker.jobs as j where j.key = 'answer:' || p.task_run_id and j.attempts < j.max_attempts)
    order by p.task_run_id
    limit batch
  ) as late;
  perform reprise_engine.enqueue_answers(v_answers);

  perform reprise_engine.find_slotless();

  -- Flows with a queue that could move on, one after the other as they stand in the index.
  with recursive queues (namespace, flow_id) as (
    (
      select e.namespace, e.flow_id
      from reprise.executions as e
      where e.state = 'QUEUED'
      order by e.namespace, e.flow_id
      limit 1
    )
    union all
    select next.namespace, next.flow_id
    from queues as q
    cross join lateral (
      select e.namespace, e.flow_id
      from reprise.executions as e
      where e.state = 'QUEUED' and (e.namespace, e.flow_id) > (q.namespace, q.flow_id)
      order by e.namespace, e.flow_id
      limit 1
    ) as next
  )
  select coalesce(array_agg(f.namespace), '{}') as namespaces, coalesce(array_agg(f.id), '{}') as ids
  into v_gates
  from queues as q
  join reprise.flows as f on f.namespace = q.namespace and f.id = q.flow_id
  where (
      f.concurrency_limit is null
      or reprise_engine.count_slots(f.namespace, f.id, f.concurrency_limit) < f.concurrency_limit
    )
    and not exists (
      select
      from graphile_worker.jobs as j
      where j.key = 'gate:' || f.namespace || '/' || f.id and j.locked_at is null and j.attempts < j.max_attempts
    );
  -- With a key, since nobody else comes here: as long as a flow is locked, its jobs should not grow in number.
  perform graphile_worker.add_job(
    'reprise.Gate', json_build_object('namespace', g.namespace, 'flowId', g.flow_id), job_key => 'gate:' || g.namespace || '/' || g.flow_id
  )
  from unnest(v_gates.namespaces, v_gates.ids) as g (namespace, flow_id);

  return cardinality(v_starts) + cardinality(v_deadlines) + cardinality(v_retries) + cardinality(v_waves) + cardinality(v_answers)
    + cardinality(v_gates.ids);
end;
$$;

comment on function reprise_engine.reconcile_wake_ups is
  'Gives a job to every wide block with lanes that have not begun, to every Pause whose answer a worker has to render, to every execution whose date, deadline or retry has passed unheard, and to every queue that could move on, and a slot to what runs '
  'without one in a flow that has a limit since. Returns how many jobs.';
