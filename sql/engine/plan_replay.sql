create or replace function reprise_engine.plan_replay(
  execution_id uuid,
  anchors text[],
  revision text,
  mode reprise.replay_mode,
  inputs json,
  overrides json,
  judgement json default null,
  from_key integer default null
)
returns reprise.replay_plan
language plpgsql stable -- one snapshot for all of it, since a stable function sees that of its caller
set search_path = ''
as $$
declare
  v_original reprise.executions := reprise_engine.find_execution(execution_id);
  v_given reprise.anchor[];
  v_definition json;
  v_inputs record;
  v_nodes reprise.replay_node[];
  v_chosen record;
  v_plan reprise.replay_plan;
begin
  if mode = 'AFFECTED' then
    raise exception 'Replay mode AFFECTED is not supported yet.'
      using errcode = 'RP422', detail = 'not_yet_supported', hint = 'Use DOWNSTREAM.';
  elsif coalesce(cardinality(anchors), 0) = 0 then
    raise exception 'A replay needs a place to start from.'
      using errcode = 'RP400', detail = 'malformed_anchor', hint = 'Say start, failed, auto, the id of a task run, or task:ID.';
  end if;

  v_given := array(
    select reprise_engine.parse_anchor(a.anchor)
    from unnest(anchors) with ordinality as a (anchor, place)
    group by a.anchor
    order by min(a.place)
  );
  v_plan.execution_id := v_original.id;
  v_plan.flow_revision := reprise_engine.resolve_revision(v_original, revision);

  select r.definition into v_definition
  from reprise.flow_revisions as r
  where r.namespace = v_original.namespace and r.flow_id = v_original.flow_id and r.revision = v_plan.flow_revision;

  select * into v_inputs from reprise_engine.replay_inputs(v_original, v_definition, inputs);
  v_plan.inputs := v_inputs.inputs;
  if v_plan.inputs is not null and json_array_length(reprise_engine.unless_null(judgement -> 'leftOut')) > 0 then
    select l.inputs, v_inputs.problems || l.problems into v_plan.inputs, v_inputs.problems
    from reprise_engine.leave_out_inputs(v_definition -> 'inputs', inputs, judgement, v_plan.inputs) as l;
  end if;

  v_nodes := reprise_engine.match_tasks(v_original, v_plan.flow_revision, coalesce(v_plan.inputs, v_original.inputs), overrides, from_key);
  select * into v_chosen from reprise_engine.choose_anchors(v_original, v_plan.flow_revision, v_given, v_nodes);
  v_plan.anchors := v_chosen.chosen;
  if reprise_engine.is_cut_off(v_original) then
    v_plan.tasks := reprise_engine.dispose_cut_off(v_nodes, v_chosen.places, v_chosen.opened, v_original, v_plan.flow_revision);
  else
    v_plan.tasks := reprise_engine.dispose_tasks(v_nodes, v_chosen.places, v_chosen.opened, v_original, v_plan.flow_revision);
  end if;
  v_plan.tasks := reprise_engine.end_at_exits(v_nodes, v_chosen.places, v_plan.tasks, v_original);
  if judgement ->> 'failure' is not null then
    v_plan.tasks := reprise_engine.fail_by_check(v_plan.tasks);
  end if;

  v_plan.problems := v_inputs.problems || reprise_engine.judged_problems(judgement, v_inputs.problems) || v_chosen.problems
    || reprise_engine.find_replay_problems(v_original, v_plan.flow_revision, v_plan.tasks, overrides)
    || reprise_engine.find_idle_anchors(v_plan.tasks, v_chosen.places) || reprise_engine.warn_of_date(v_original, anchors)
    || reprise_engine.warn_of_defaults(v_original, v_plan.flow_revision, coalesce(v_plan.inputs, v_original.inputs));
  if judgement is null and v_definition -> 'checks' is not null then
    v_plan.problems := v_plan.problems || reprise_engine.warn_of_checks(v_original, v_plan.flow_revision, coalesce(v_plan.inputs, v_original.inputs));
  end if;
  if v_chosen.places || v_chosen.opened = '{}' or v_chosen.problems <> '{}' then
    -- There is no place to start from, which has been said; or all that is left is to end again.
    v_plan.problems := array(select p from unnest(v_plan.problems) as p where p.code <> 'nothing_reached');
  end if;
  v_plan.is_runnable := not exists (select from unnest(v_plan.problems) as p where p.is_blocking);

  select coalesce(sum(t.duration_ms), 0) into v_plan.saved_ms
  from unnest(v_plan.tasks) as t
  where t.disposition in ('CARRIED', 'CARRIED_CHANGED', 'CARRIED_FAILED') and not t.is_overridden;

  return v_plan;
end;
$$;

comment on function reprise_engine.plan_replay is
  'Works out what a replay would do, without sentences, counts and the hash: the part that planning and replaying have in common. '
  'judgement: what whoever can render templates has found out about the inputs and the checks of the flow (read_replay_checks). '
  'from_key: plans only what stands there or behind, where all before it is settled (find_settled).';
