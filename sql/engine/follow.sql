create or replace function reprise_engine.follow(
  task_run_ids bigint[],
  out openings reprise.opening[],
  out left_executions uuid[],
  out left_lists text[],
  out block_ids bigint[],
  out states reprise.task_run_state[],
  out is_over boolean[],
  out stops boolean[]
)
language plpgsql volatile
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
declare
  v_step record;
begin
  openings := '{}';
  left_executions := '{}';
  left_lists := '{}';
  block_ids := '{}';
  if cardinality(task_run_ids) = 0 then
    return;
  end if;

  select
    coalesce(
      array_agg(row(step.execution_id, step.onward_key, step.parent_id, step.iteration, step.iteration_path)::reprise.opening)
        filter (where step.leads_to = 'TASK'),
      '{}'
    ) as openings,
    coalesce(array_agg(step.execution_id) filter (where step.leads_to = 'LIST'), '{}') as left_executions,
    coalesce(array_agg(step.branch) filter (where step.leads_to = 'LIST'), '{}') as left_lists,
    -- A block is told where a lane of it ends, and where something in it did not end well.
    coalesce(array_agg(step.parent_id) filter (where step.tells_block), '{}') as block_ids,
    coalesce(
      array_agg(case when step.is_handler then 'SUCCESS' else step.state end) filter (where step.tells_block), '{}'
    ) as states,
    coalesce(array_agg(step.leads_to = 'BLOCK') filter (where step.tells_block), '{}') as is_over,
    -- What is carried as failed stops nothing; a block that was opened again has failed here. Nor does what handles an end, as it tells nothing.
    coalesce(
      array_agg(not step.is_handler and step.state in ('KILLED', 'FAILED') and (not step.is_carried or exists (select from reprise.blocks as b where b.task_run_id = step.id)))
        filter (where step.tells_block),
      '{}'
    ) as stops,
    coalesce(array_agg(step.execution_id) filter (where step.leads_to = 'CLOSE'), '{}') as closed,
    coalesce(array_agg(step.execution_id) filter (where step.leads_to = 'FINISH'), '{}') as finished,
    coalesce(array_agg(step.execution_id) filter (where step.leads_to = 'NOWHERE'), '{}') as killed,
    coalesce(array_agg(step.id) filter (where step.kind in ('DEFAULTS', 'OUTPUTS')), '{}') as system_steps,
    coalesce(array_agg(step.execution_id) filter (where step.worsens), '{}') as worsened,
    array_agg(step.state::text::reprise.execution_state) filter (where step.worsens) as verdicts
  into v_step
  from (
    select
      way.*,
      way.parent_id is not null and not way.is_ending and (way.leads_to = 'BLOCK' or not way.is_handler and way.state not in ('SUCCESS', 'SKIPPED')) as tells_block,
      way.parent_id is null and not way.is_ending and not way.is_handler and way.branch <> 'onPause' and way.state not in ('SUCCESS', 'SKIPPED') as worsens
    from reprise_engine.find_ways(follow.task_run_ids) as way
  ) as step;

  openings := v_step.openings;
  left_executions := v_step.left_executions;
  left_lists := v_step.left_lists;
  block_ids := v_step.block_ids;
  states := v_step.states;
  is_over := v_step.is_over;
  stops := v_step.stops;

  if v_step.worsened <> '{}' then
    perform reprise_engine.raise_verdicts(v_step.worsened, v_step.verdicts);
  end if;
  if v_step.system_steps <> '{}' then
    perform reprise_engine.take_system_outputs(v_step.system_steps);
  end if;
  if v_step.closed <> '{}' then
    perform reprise_engine.close_executions(v_step.closed);
  end if;
  if v_step.finished <> '{}' then
    perform reprise_engine.settle_executions(v_step.finished);
  end if;
  if v_step.killed <> '{}' then
    perform reprise_engine.close_killed(v_step.killed);
  end if;
end;
$$;

comment on function reprise_engine.follow is
  'Where task runs lead that have ended: to the tasks behind them, to the end of a list of the flow, to the end of a lane of a block. '
  'Takes up what they mean for their executions.';
