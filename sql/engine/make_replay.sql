create or replace function reprise_engine.make_replay(
  execution_id uuid,
  anchors text[],
  revision text,
  mode reprise.replay_mode,
  inputs json,
  overrides json,
  note text,
  plan_hash text,
  idempotency_key text,
  request_hash text,
  actor text,
  breakpoints text[],
  judgement json
)
returns reprise.executions
language plpgsql volatile
set search_path = ''
as $$
declare
  v_original reprise.executions := reprise_engine.find_execution(execution_id);
  v_settled_before integer;
  v_settled_count integer;
  v_plan reprise.replay_plan;
begin
  -- Whoever has seen a plan is held to all of it.
  if plan_hash is null then
    select s.before_key, s.task_run_count into v_settled_before, v_settled_count
    from reprise_engine.find_settled(v_original, reprise_engine.resolve_revision(v_original, revision), anchors, overrides) as s;
  end if;
  v_plan := reprise_engine.plan_replay(execution_id, anchors, revision, mode, inputs, overrides, judgement, v_settled_before);
  perform reprise_engine.assert_plan(v_plan, plan_hash, mode, overrides);
  return reprise_engine.create_replay(
    v_plan, 'start' = any (anchors), overrides, reprise_engine.actor(actor), note, idempotency_key, request_hash, breakpoints, judgement => judgement,
    settled_before => v_settled_before, settled_count => v_settled_count
  );
end;
$$;

comment on function reprise_engine.make_replay is
  'Plans a replay and makes it, unless something stands in its way. What is settled is carried without a plan, unless the caller has seen one. Returns null when the idempotency key was taken meanwhile.';
