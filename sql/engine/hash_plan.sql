create or replace function reprise_engine.hash_plan(plan reprise.replay_plan, mode reprise.replay_mode, overrides json)
returns text
language sql immutable
set search_path = ''
as $$
  select encode(sha256(convert_to(
    jsonb_build_array(
      hash_plan.plan.execution_id, hash_plan.plan.flow_revision, hash_plan.plan.anchors, hash_plan.mode, reprise_engine.mask_secrets(hash_plan.plan.inputs),
      hash_plan.overrides,
      (
        select jsonb_agg(jsonb_build_array(t.task_id, t.iteration_path, t.disposition, t.attempt_id) order by t.ordinality)
        from unnest(hash_plan.plan.tasks) with ordinality as t
      )
    )::text,
    'UTF8'
  )), 'hex');
$$;

comment on function reprise_engine.hash_plan is
  'A hash of what a plan does: revision, anchors, mode, inputs, overrides, and the disposition and shown attempt of each task. No times and '
  'no texts, so that it changes only when the replay would.';
