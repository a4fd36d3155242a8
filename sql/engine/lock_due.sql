create or replace function reprise_engine.lock_due(
  batch integer,
  out loop_ids bigint[],
  out pause_ids bigint[]
)
language sql volatile
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set enable_sort = off
as $$
  -- Locked are those that the index comes to first; who is passed over makes room for the next. A loop drops what has run in it, which waits for whoever
  -- is replaying it: such a one is passed over, too. And a Pause that was answered in time waits for the worker who renders that.
  select
    array(
      select l.task_run_id
      from reprise.loops as l
      cross join lateral (select r.execution_id from reprise.task_runs as r where r.id = l.task_run_id offset 0) as r
      cross join lateral (select from reprise.executions as e where e.id = r.execution_id for update skip locked) as e
      where l.due_at <= now.at
      order by l.due_at
      limit lock_due.batch
    ),
    array(
      select p.task_run_id
      from reprise.pauses as p
      cross join lateral (select r.execution_id from reprise.task_runs as r where r.id = p.task_run_id offset 0) as r
      cross join lateral (select from reprise.executions as e where e.id = r.execution_id for no key update skip locked) as e
      where p.due_at <= now.at and p.answer is null
      order by p.due_at
      limit lock_due.batch
    )
  from reprise_engine.clock() as now (at);
$$;

comment on function reprise_engine.lock_due is
  'Locks the executions in which the time of loops and Pauses has come, and returns these: a batch of each, those first that have waited longest. '
  'What somebody is at work on is passed over, so it waits for nobody.';
