create or replace function reprise_api.replay_execution(
  execution_id uuid,
  anchors text[] default '{start}',
  revision text default 'original',
  mode reprise.replay_mode default 'DOWNSTREAM',
  inputs json default null,
  overrides json default null,
  note text default null,
  plan_hash text default null,
  idempotency_key text default null,
  actor text default null,
  breakpoints text[] default null
)
returns reprise.executions
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_mode reprise.replay_mode := coalesce(mode, 'DOWNSTREAM');
  v_overrides json := reprise_engine.check_overrides(overrides);
  v_request_hash text := encode(sha256(convert_to(
    (
      jsonb_build_array('replay', execution_id, anchors, coalesce(revision, 'original'), v_mode, coalesce(inputs, '{}'), v_overrides)
      || case when breakpoints is null then '[]' else jsonb_build_array(to_jsonb(breakpoints)) end
    )::text,
    'UTF8'
  )), 'hex');
  v_replay reprise.executions := reprise_engine.find_request(idempotency_key, v_request_hash);
  v_plan reprise.replay_plan;
begin
  if v_replay.id is not null then
    return v_replay;
  end if;

  v_plan := reprise_engine.plan_replay(execution_id, anchors, revision, v_mode, reprise_engine.clean_json(inputs), v_overrides);
  perform reprise_engine.assert_plan(v_plan, plan_hash, v_mode, v_overrides);

  v_replay := reprise_engine.create_replay(
    v_plan, 'start' = any (anchors), v_overrides, reprise_engine.actor(actor), note, idempotency_key, v_request_hash,
    breakpoints
  );
  if v_replay.id is null then
    v_replay := reprise_engine.find_request(idempotency_key, v_request_hash);
  end if;

  return v_replay;
end;
$$;

comment on function reprise_api.replay_execution is
  E'Runs an execution again from any task run, on any revision, as a new execution; nothing of the original changes.\n\n'
  'anchors: start, failed, auto, the id of a task run, task:ID, or task:ID["VALUE", …] inside loops; several at once. '
  'revision: original, latest, or a number. inputs: laid over the original''s. overrides: {"TASK": {outputs}} for carried tasks, {"TASK[\"VALUE\", …]": {outputs}} for one iteration of them. '
  'plan_hash: refuses (RP409) when the plan is not that one any more. breakpoints: the tasks before which the replay stops, until it is resumed. The same idempotency key gives the same replay.';
