create or replace function reprise_api.replay_plan(
  execution_id uuid,
  anchors text[] default '{start}',
  revision text default 'original',
  mode reprise.replay_mode default 'DOWNSTREAM',
  inputs json default null,
  overrides json default null,
  breakpoints text[] default null,
  judgement json default null
)
returns reprise.replay_plan
language plpgsql stable security definer
set search_path = ''
as $$
declare
  v_mode reprise.replay_mode := coalesce(mode, 'DOWNSTREAM');
  v_overrides json := reprise_engine.check_overrides(overrides);
  v_inputs json := reprise_engine.clean_json(inputs);
  v_original reprise.executions;
  v_plan reprise.replay_plan;
begin
  if v_inputs is not null then
    v_original := reprise_engine.find_execution(execution_id);
    select reprise_engine.hide_secrets(r.definition -> 'inputs', v_inputs) into v_inputs
    from reprise.flow_revisions as r
    where r.namespace = v_original.namespace and r.flow_id = v_original.flow_id
      and r.revision = reprise_engine.resolve_revision(v_original, replay_plan.revision);
  end if;
  v_plan := reprise_engine.plan_replay(execution_id, anchors, revision, v_mode, v_inputs, v_overrides, judgement);
  if breakpoints is not null then
    v_plan.problems := v_plan.problems || reprise_engine.warn_of_breakpoints(v_plan, breakpoints);
  end if;
  v_plan.plan_hash := reprise_engine.hash_plan(v_plan, v_mode, v_overrides);
  v_plan.tasks := reprise_engine.explain_tasks(v_plan.tasks);
  select
    count(*) filter (where t.disposition in ('CARRIED', 'CARRIED_CHANGED', 'CARRIED_FAILED')), count(*) filter (where t.disposition in ('RERUN', 'NEW'))
  into v_plan.carried_count, v_plan.rerun_count
  from unnest(v_plan.tasks) as t;
  v_plan.inputs := reprise_engine.mask_secrets(v_plan.inputs);
  return v_plan;
end;
$$;

comment on function reprise_api.replay_plan is
  'What a replay would do, task by task and why, without doing it. Takes what replayExecution takes; pass its planHash back to run exactly '
  'this plan.';
