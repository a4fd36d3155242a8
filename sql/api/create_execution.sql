create or replace function reprise_api.create_execution(
  namespace text,
  flow_id text,
  inputs json default '{}',
  labels jsonb default '{}',
  revision integer default null,
  note text default null,
  idempotency_key text default null,
  actor text default null,
  schedule_date timestamptz default null,
  is_checked boolean default false,
  check_failure text default null,
  breakpoints text[] default null,
  found_inputs json default null
)
returns reprise.executions
language plpgsql volatile security definer
set search_path = ''
set enable_seqscan = off -- a plan that was made when there were few executions stays in use when there are many
as $$
declare
  v_inputs json := reprise_engine.clean_json(coalesce(inputs, '{}'));
  v_request_hash text := encode(sha256(convert_to(
    (
      jsonb_build_array('create', namespace, flow_id, v_inputs, coalesce(labels, '{}'), revision)
      || case when schedule_date is null then '[]' else jsonb_build_array(schedule_date at time zone 'UTC') end
      || case when breakpoints is null then '[]' else jsonb_build_array(to_jsonb(breakpoints)) end
    )::text,
    'UTF8'
  )), 'hex');
  v_execution reprise.executions := reprise_engine.find_request(idempotency_key, v_request_hash);
  v_revision reprise.flow_revisions;
  v_labels jsonb;
  v_ids uuid[];
begin
  if v_execution.id is not null then
    return v_execution;
  end if;
  if not isfinite(schedule_date) then
    raise exception 'A schedule date is a day that comes, not %.', schedule_date
      using errcode = 'RP400', detail = 'malformed_schedule_date', hint = 'Write it as 2026-01-31T08:00:00Z.';
  end if;

  v_revision := reprise_engine.find_runnable_revision(namespace, flow_id, revision);
  v_labels := reprise_engine.check_labels(labels, array['system.correlationId', 'system.from']);
  v_ids := reprise_engine.create_executions(
    v_revision, array[v_inputs], v_labels, reprise_engine.actor(actor), note, idempotency_key, v_request_hash, schedule_date, coalesce(is_checked, false), check_failure, breakpoints, found_inputs
  );
  if v_ids = '{}' then
    return reprise_engine.find_request(idempotency_key, v_request_hash);
  end if;

  select * into v_execution from reprise.executions as e where e.id = v_ids[1];
  return v_execution;
end;
$$;

comment on function reprise_api.create_execution is
  E'Starts an execution of a flow.\n\n'
  'inputs: {"ID": VALUE}; checked, and refused (RP422) with every fault named. revision: the latest when none is given. '
  'The same idempotency key gives the same execution. schedule_date: it starts then, and takes no slot of its flow before. is_checked: '
  'whether the caller has evaluated the checks of the flow; without that, a worker does, before the first task. check_failure: the '
  'message of a check that lets executions fail: it is created as FAILED. found_inputs: what its inputs are then, with those that the caller '
  'has found out about by templates. '
  'breakpoints: the tasks before which it stops, until it is resumed: TASK, or TASK["VALUE", …] inside of loops.';
