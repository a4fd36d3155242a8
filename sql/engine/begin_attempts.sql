create or replace function reprise_engine.begin_attempts(worker_id integer, task_run_ids bigint[])
returns setof reprise.begun_attempt
language plpgsql volatile
set search_path = ''
set enable_seqscan = off
set enable_hashjoin = off
set enable_mergejoin = off
as $$
declare
  v_now timestamptz := reprise_engine.clock();
  v_attempts bigint[];
  v_started uuid[];
begin
  -- Lock.
  perform
  from reprise.executions as e
  where e.id in (select r.execution_id from reprise.task_runs as r where r.id = any (begin_attempts.task_run_ids))
  order by e.id
  for no key update;

  -- Guard and change: only what waits, in an execution that goes on. A second job for the same task run finds nothing.
  with begun as (
    update reprise.task_runs as r
    set state = 'RUNNING', attempt_number = r.attempt_number + 1, try = r.try + 1, retry_at = null
    from reprise.executions as e
    where r.id = any (begin_attempts.task_run_ids)
      and (r.state in ('CREATED', 'RESTARTED') or r.state = 'RETRYING' and r.retry_at <= v_now)
      and e.id = r.execution_id
      and e.state in ('CREATED', 'RUNNING', 'RESTARTED')
    returning r.id, r.attempt_number, r.try, r.execution_id, e.state as execution_state
  ), leased as (
    insert into reprise.attempts (task_run_id, number, try, worker_id, started_at)
    select b.id, b.attempt_number, b.try, begin_attempts.worker_id, v_now
    from begun as b
    returning id
  )
  select
    (select array_agg(l.id) from leased as l),
    (select array_agg(distinct b.execution_id) from begun as b where b.execution_state <> 'RUNNING')
  into v_attempts, v_started;

  -- Consequence.
  if v_started is not null then
    update reprise.executions as e
    set state = 'RUNNING', started_at = coalesce(e.started_at, v_now)
    where e.id = any (v_started);

    perform reprise_engine.notify_executions(v_started);
  end if;

  return query
  select
    a.id, r.id, e.id, t.key, a.number, r.created_at, r.iteration, r.iteration_path, e.start_date, e.root_id,
    case when r_all or t.kind = 'DEFAULTS' or t.reads -> 'inputs' <> '[]' then e.inputs end,
    case when r_all or t.reads -> 'variables' <> '[]' then e.variables end,
    case when r_all or (t.reads ->> 'labels')::boolean then e.labels end,
    case when r_all or (t.reads ->> 'trigger')::boolean then e.trigger end,
    case when t.reads_tasks is null or t.reads_tasks <> '{}' then reprise_engine.read_outputs(e.id, t.reads_tasks) end
  from unnest(v_attempts) as leased (id)
  join reprise.attempts as a on a.id = leased.id
  join reprise.task_runs as r on r.id = a.task_run_id
  join reprise.executions as e on e.id = r.execution_id
  join reprise.tasks as t on t.key = r.task_key
  cross join lateral (select (t.reads ->> 'all')::boolean) as everything (r_all);
end;
$$;

comment on function reprise_engine.begin_attempts is
  'Leases these task runs to a worker: each that waits gets a new attempt, with what its templates read. What does not wait any more, '
  'or belongs to an execution that does not go on, is left out.';
