create or replace function reprise_engine.carry_task_runs(execution_id uuid, tasks reprise.replay_plan_task[], now timestamptz)
returns void
language sql volatile
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set enable_nestloop = off
as $$
  with carried as materialized (
    select
      nextval('reprise.task_runs_id_seq') as id, t.ordinality as place, t.around, t.task_key, t.iteration, t.iteration_path, t.disposition, t.state,
      t.attempt_number, t.attempt_id, t.task_run_id, t.is_overridden,
      t.reason in ('revalued', 'rewritten') as is_revalued, t.disposition = 'REOPENED' and t.task_run_id is null as is_new
    from unnest(carry_task_runs.tasks) with ordinality as t
    where t.disposition in ('CARRIED', 'CARRIED_CHANGED', 'CARRIED_FAILED', 'REOPENED') or t.reason in ('kept', 'until')
  )
  -- Outputs are not copied: a carried task run points at the attempt that made them, and a block that is opened again at the one that
  -- found out what it has to run.
  insert into reprise.task_runs (
    id, parent_id, execution_id, task_key, iteration, iteration_path, state, attempt_number, is_carried, carried_attempt_id, original_id,
    is_put_off, created_at, ended_at
  )
  overriding system value
  select
    c.id, block.id, carry_task_runs.execution_id, c.task_key, c.iteration, c.iteration_path,
    case
      when c.is_overridden then 'SUCCESS'
      when c.is_revalued then 'RESTARTED'
      when c.disposition = 'REOPENED' then 'RUNNING'
      -- What was stopped as FAILED shows that here too.
      when c.state = 'KILLED' then (
        select case r.state when 'RETRIED' then 'FAILED' else r.state end from reprise.task_runs as r where r.id = c.task_run_id
      )
      else c.state
    end,
    -- Who asks for the values has the next attempt, and so may have at its end what else goes on.
    coalesce(case
      when c.disposition <> 'REOPENED' then c.attempt_number
      when c.is_revalued then c.attempt_number - 1
      when c.attempt_id is null then c.attempt_number
      else (select a.number from reprise.attempts as a where a.id = c.attempt_id)
    end, 0), not c.is_revalued and not c.is_new,
    case when not c.is_overridden and not c.is_revalued then c.attempt_id end,
    case when c.is_overridden or c.is_revalued or c.attempt_id is null then c.task_run_id end,
    -- A loop whose values may be others asks for them when its turn comes.
    case when c.is_revalued then true end, carry_task_runs.now, case when c.disposition <> 'REOPENED' then carry_task_runs.now end
  from carried as c
  left join carried as block on block.place = c.around;
$$;

comment on function reprise_engine.carry_task_runs is
  'Gives a replay the task runs that its plan carries, those of blocks that it opens again among them.';
