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
  v_plan reprise.replay_plan := reprise_engine.plan_replay(execution_id, anchors, revision, mode, inputs, overrides, judgement);
begin
  perform reprise_engine.assert_plan(v_plan, plan_hash, mode, overrides);
  return reprise_engine.create_replay(
    v_plan, 'start' = any (anchors), overrides, reprise_engine.actor(actor), note, idempotency_key, request_hash, breakpoints, judgement => judgement
  );
end;
$$;

comment on function reprise_engine.make_replay is
  'Plans a replay and makes it, unless something stands in its way. Returns null when the idempotency key was taken meanwhile.';
