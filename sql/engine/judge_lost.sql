create or replace function reprise_engine.judge_lost(attempt_ids bigint[])
returns table (
  attempt_id bigint,
  worker_state reprise.worker_state,
  task_run_id bigint,
  has_children boolean,
  is_child boolean,
  state reprise.task_run_state
)
language sql stable
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set enable_nestloop = on -- whoever calls it may have none, and would have a few rows looked for in a whole index
as $$
  select
    a.id, w.state, r.id, t.kind = 'WORKING_DIRECTORY', block.id is not null,
    case
      when e.state = 'KILLING' then 'KILLED'
      when w.state = 'LOST'
        and reprise_engine.is_quarantined(coalesce(block.id, r.id), coalesce(block.attempt_number, r.attempt_number)) then 'FAILED'
      else 'CREATED'
    end::reprise.task_run_state
  from unnest(judge_lost.attempt_ids) as given (id)
  cross join lateral (
    select a.id, a.task_run_id, a.worker_id from reprise.attempts as a where a.id = given.id and a.state = 'RUNNING' offset 0
  ) as a
  cross join lateral (select w.state from reprise.workers as w where w.id = a.worker_id offset 0) as w
  cross join lateral (
    select r.id, r.execution_id, r.task_key, r.parent_id, r.attempt_number from reprise.task_runs as r where r.id = a.task_run_id offset 0
  ) as r
  cross join lateral (select e.state from reprise.executions as e where e.id = r.execution_id offset 0) as e
  cross join lateral (select t.kind, t.branch from reprise.tasks as t where t.key = r.task_key offset 0) as t
  left join lateral (
    select b.id, b.attempt_number
    from reprise.task_runs as b
    cross join lateral (select around.kind from reprise.tasks as around where around.key = b.task_key offset 0) as around
    where b.id = r.parent_id and around.kind = 'WORKING_DIRECTORY' and t.branch = 'tasks'
    offset 0
  ) as block on true;
$$;

comment on function reprise_engine.judge_lost is
  'What becomes of the task runs of these attempts if their workers are lost: they wait again, unless their execution is being killed, or they keep '
  'killing their workers. What runs in a WorkingDirectory shares the fate of that. An attempt that has ended is left out.';
