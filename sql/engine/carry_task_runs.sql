create or replace function reprise_engine.carry_task_runs(execution_id uuid, tasks reprise.replay_plan_task[], now timestamptz)
returns void
language sql volatile
set search_path = ''
as $$
  -- Outputs are not copied: a carried task run points at the attempt that made them.
  insert into reprise.task_runs (
    execution_id, task_key, iteration_path, state, attempt_number, is_carried, carried_attempt_id, original_id, created_at, ended_at
  )
  select
    carry_task_runs.execution_id, t.task_key, t.iteration_path,
    case when t.is_overridden then 'SUCCESS' else t.state end, coalesce(t.attempt_number, 0), true,
    case when not t.is_overridden then t.attempt_id end,
    case when t.is_overridden or t.attempt_id is null then t.task_run_id end,
    carry_task_runs.now, carry_task_runs.now
  from unnest(carry_task_runs.tasks) as t
  where t.disposition in ('CARRIED', 'CARRIED_CHANGED', 'CARRIED_FAILED');
$$;

comment on function reprise_engine.carry_task_runs is 'Gives a replay the task runs that its plan carries.';
