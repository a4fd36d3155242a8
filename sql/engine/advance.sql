create or replace function reprise_engine.advance(task_run_ids bigint[])
returns reprise.opening[]
language plpgsql volatile
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
declare
  v_step record;
begin
  if cardinality(advance.task_run_ids) = 0 then
    return '{}';
  end if;

  -- Where each of them leads: to the task behind it, to the end of its list, or nowhere, since its execution is being killed.
  select
    coalesce(
      array_agg(row(step.execution_id, step.next_key)::reprise.opening) filter (where step.leads_to = 'TASK'), '{}'
    ) as reached,
    coalesce(array_agg(step.execution_id) filter (where step.leads_to = 'FIRST_TASK'), '{}') as entered,
    coalesce(array_agg(step.execution_id) filter (where step.leads_to = 'END'), '{}') as left_behind,
    coalesce(array_agg(step.execution_id) filter (where step.leads_to = 'CLOSE'), '{}') as closed,
    coalesce(array_agg(step.execution_id) filter (where step.leads_to = 'NOWHERE'), '{}') as killed,
    coalesce(array_agg(step.id) filter (where step.kind <> 'RUNNABLE'), '{}') as system_steps,
    coalesce(array_agg(step.execution_id) filter (where step.state not in ('SUCCESS', 'SKIPPED')), '{}') as worsened,
    array_agg(step.state::text::reprise.execution_state) filter (where step.state not in ('SUCCESS', 'SKIPPED')) as verdicts
  into v_step
  from (
    select
      r.id, r.execution_id, r.state, t.next_key, t.kind,
      case
        when e.state not in ('CREATED', 'RUNNING', 'RESTARTED') then 'NOWHERE'
        when t.kind = 'OUTPUTS' then 'CLOSE'
        when r.state in ('SUCCESS', 'WARNING', 'SKIPPED') and t.next_key is not null then 'TASK'
        when t.kind <> 'DEFAULTS' then 'END'
        when r.state = 'SUCCESS' then 'FIRST_TASK'
        else 'CLOSE'
      end as leads_to
    from unnest(advance.task_run_ids) as ended (id)
    cross join lateral (
      select r.id, r.execution_id, r.task_key, r.state from reprise.task_runs as r where r.id = ended.id offset 0
    ) as r
    cross join lateral (select t.next_key, t.kind from reprise.tasks as t where t.key = r.task_key offset 0) as t
    cross join lateral (select e.state from reprise.executions as e where e.id = r.execution_id offset 0) as e
  ) as step;

  if v_step.worsened <> '{}' then
    perform reprise_engine.raise_verdicts(v_step.worsened, v_step.verdicts);
  end if;
  if v_step.system_steps <> '{}' then
    perform reprise_engine.take_system_outputs(v_step.system_steps);
  end if;
  if v_step.closed <> '{}' then
    perform reprise_engine.close_executions(v_step.closed);
  end if;
  if v_step.killed <> '{}' then
    perform reprise_engine.close_killed(v_step.killed);
  end if;

  return reprise_engine.reach(v_step.reached)
    || reprise_engine.enter_tasks(v_step.entered)
    || reprise_engine.leave_tasks(v_step.left_behind);
end;
$$;

comment on function reprise_engine.advance is
  'What follows from task runs that have ended: executions whose last task this was close. Returns the tasks that the others have '
  'come to, for the caller to open. The caller holds the locks of their executions.';
