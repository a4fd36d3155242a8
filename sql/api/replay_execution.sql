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
  breakpoints text[] default null,
  judgement json default null
)
returns reprise.executions
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_mode reprise.replay_mode := coalesce(mode, 'DOWNSTREAM');
  v_inputs json := reprise_engine.clean_json(inputs);
  v_overrides json := reprise_engine.check_overrides(overrides);
  v_request_hash text := encode(sha256(convert_to(
    (
      jsonb_build_array('replay', execution_id, anchors, coalesce(revision, 'original'), v_mode, coalesce(inputs, '{}'), v_overrides)
      || case when breakpoints is null then '[]' else jsonb_build_array(to_jsonb(breakpoints)) end
    )::text,
    'UTF8'
  )), 'hex');
  v_replay reprise.executions := reprise_engine.find_request(idempotency_key, v_request_hash);
  c_tries constant integer := 10;
begin
  if v_replay.id is not null then
    return v_replay;
  end if;

  for v_try in 1 .. c_tries loop
    begin
      v_replay := reprise_engine.make_replay(
        execution_id, anchors, revision, v_mode, v_inputs, v_overrides, note, plan_hash, idempotency_key, v_request_hash, actor, breakpoints, judgement
      );
      exit;
    exception when foreign_key_violation or serialization_failure then
      -- A loop of an original that still runs has begun its next iteration since the plan was made, or somebody has marked a task run.
      if v_try = c_tries or current_setting('transaction_isolation') <> 'read committed' then
        raise;
      end if;
    end;
  end loop;
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
  'plan_hash: refuses (RP409) when the plan is not that one any more. breakpoints: the tasks before which the replay stops, until it is resumed. '
  'judgement: what the caller has found out by templates (read_replay_checks); without it a worker does, before the first task. The same idempotency key gives the same replay.';
