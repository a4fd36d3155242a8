create or replace function reprise_engine.remember_carried(task_run_ids bigint[], counts_own boolean default false)
returns void
language sql volatile
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
  with recursive gone as (
    select r.* from reprise.task_runs as r where r.id = any (remember_carried.task_run_ids)
    union all
    select r.* from gone as g cross join lateral (select r.* from reprise.task_runs as r where r.parent_id = g.id offset 0) as r
  )
  insert into reprise.replayed_task_runs (execution_id, task_key, iteration_path, original_id, attempt_number)
  select
    g.execution_id, g.task_key, g.iteration_path, nullif(coalesce(g.original_id, c.task_run_id), g.id),
    -- What has run here since goes with it.
    case
      when g.is_carried or remember_carried.counts_own then g.attempt_number
      else coalesce(own.first - 1, g.attempt_number - (t.is_inline and g.state <> 'BREAKPOINT')::integer)
    end
  from gone as g
  cross join lateral (select t.is_inline from reprise.tasks as t where t.key = g.task_key and t.kind not in ('DEFAULTS', 'OUTPUTS') offset 0) as t
  left join lateral (select a.task_run_id from reprise.attempts as a where a.id = g.carried_attempt_id offset 0) as c on true
  left join lateral (select min(a.number) as first from reprise.attempts as a where a.task_run_id = g.id offset 0) as own on true
  where g.is_carried or g.original_id is not null or remember_carried.counts_own and g.attempt_number > 0
  on conflict on constraint replayed_task_runs_identity_key do update
  set attempt_number = greatest(replayed_task_runs.attempt_number, excluded.attempt_number)
  where remember_carried.counts_own;
$$;

comment on function reprise_engine.remember_carried is
  'Task runs that are to be deleted, and those in them, may run again: their attempt numbers then go on from what they had carried. '
  'counts_own: a restart deletes them, and the numbers go on from all attempts that they have had.';
