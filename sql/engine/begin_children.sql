create or replace function reprise_engine.begin_children(worker_id integer, attempt_ids bigint[], task_keys integer[])
returns setof reprise.begun_attempt
language plpgsql volatile
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
declare
  v_now timestamptz := reprise_engine.clock();
  v_executions uuid[];
  v_attempts bigint[];
begin
  -- Lock.
  v_executions := reprise_engine.lock_attempts(begin_children.attempt_ids);

  -- Guard and change: only for who holds the block, in an execution that is not being killed.
  with held as materialized (
    select
      block.id as block_id, block.execution_id, block.iteration_path, t.key, child.id, child.state, child.attempt_number,
      replayed.original_id, replayed.attempt_number as replayed_number
    from unnest(begin_children.attempt_ids, begin_children.task_keys) as given (attempt_id, task_key)
    cross join lateral (
      select a.task_run_id
      from reprise.attempts as a
      where a.id = given.attempt_id and a.state = 'RUNNING' and a.worker_id = begin_children.worker_id
      offset 0
    ) as a
    cross join lateral (
      select r.id, r.execution_id, r.task_key, r.iteration_path from reprise.task_runs as r where r.id = a.task_run_id offset 0
    ) as block
    cross join lateral (
      select t.key, t.is_after
      from reprise.tasks as t
      where t.key = given.task_key and t.parent_key = block.task_key and t.branch = 'tasks' and t.lane is not null
      offset 0
    ) as t
    cross join lateral (select e.state, e.ended_at from reprise.executions as e where e.id = block.execution_id offset 0) as e
    left join lateral (
      select r.id, r.state, r.attempt_number
      from reprise_engine.find_task_run(block.execution_id, t.key, block.iteration_path) as r
      offset 0
    ) as child on true
    left join lateral (
      select p.original_id, p.attempt_number
      from reprise_engine.find_replayed(block.execution_id, t.key, block.iteration_path) as p
      offset 0
    ) as replayed on true
    where t.is_after or e.state <> 'KILLING' and e.ended_at is null
  ), made as (
    insert into reprise.task_runs (
      execution_id, task_key, parent_id, iteration_path, original_id, attempt_number, try, state, created_at
    )
    select
      h.execution_id, h.key, h.block_id, h.iteration_path, h.original_id, coalesce(h.replayed_number, 0) + 1, 1, 'RUNNING', v_now
    from held as h
    where h.id is null
    returning id, attempt_number, try
  ), begun as (
    -- It waits for its next try, or has run in an attempt of the block that was lost or came before a restart.
    update reprise.task_runs as r
    set state = 'RUNNING', attempt_number = r.attempt_number + 1, try = r.try + 1, retry_at = null
    where r.id = any (array(select h.id from held as h where h.state in ('CREATED', 'RESTARTED', 'RETRYING')))
    returning r.id, r.attempt_number, r.try
  ), leased as (
    insert into reprise.attempts (task_run_id, number, try, worker_id, started_at)
    select b.id, b.attempt_number, b.try, begin_children.worker_id, v_now
    from (select * from made union all select * from begun) as b
    returning id
  ), asked_again as (
    -- The answer to the first time was lost.
    select a.id
    from held as h
    cross join lateral (
      select a.id
      from reprise.attempts as a
      where a.task_run_id = h.id and a.number = h.attempt_number and a.state = 'RUNNING' and a.worker_id = begin_children.worker_id
      offset 0
    ) as a
    where h.state = 'RUNNING'
  )
  select array(select l.id from leased as l) || array(select a.id from asked_again as a) into v_attempts;

  -- Notify.
  perform reprise_engine.notify_executions(v_executions);

  return query select * from reprise_engine.read_begun(v_attempts);
end;
$$;

comment on function reprise_engine.begin_children is
  'A worker that runs a WorkingDirectory comes to a task in it: gives that an attempt, as begin_attempts does. For an attempt of a block '
  'that is not held any more, or of an execution that is being killed, nothing begins; a repeated call gives the same attempt.';
