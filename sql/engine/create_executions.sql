create or replace function reprise_engine.create_executions(
  revision reprise.flow_revisions,
  inputs json[],
  labels jsonb,
  created_by text,
  note text default null,
  idempotency_key text default null,
  request_hash text default null,
  schedule_date timestamptz default null,
  is_checked boolean default false,
  check_failure text default null,
  breakpoints text[] default null,
  found_inputs json default null
)
returns uuid[]
language plpgsql volatile
set search_path = ''
as $$
declare
  v_now timestamptz := reprise_engine.clock();
  v_breakpoints jsonb := reprise_engine.parse_breakpoints(create_executions.breakpoints, revision);
  v_defined record;
  v_given json;
  v_inputs json[] := '{}';
  v_found json;
  v_ids uuid[];
begin
  -- Read once, however many there are to create.
  select * into v_defined from json_to_record(revision.definition) as d (inputs json, labels jsonb, variables json, sla jsonb);
  -- Not where they are written: what is refused is told without all of that.
  foreach v_given in array inputs loop
    v_inputs := array_append(v_inputs, reprise_engine.check_inputs(v_defined.inputs, v_given, may_be_sealed => false));
  end loop;
  -- Where a worker looks at them first it finds them out by itself, as the checks may be others by then.
  if check_failure is not null and found_inputs is not null then
    v_found := reprise_engine.check_inputs(v_defined.inputs, reprise_engine.clean_json(found_inputs));
  end if;

  with created as (
    insert into reprise.executions (
      id, namespace, flow_id, flow_revision, inputs, labels, variables, start_date, created_at, created_by, note, idempotency_key,
      request_hash, schedule_date, is_checked, deadline_at, is_asserted, breakpoints, is_unresolved, defaulted_inputs
    )
    select
      own.id, revision.namespace, revision.flow_id, revision.revision, coalesce(v_found, own.inputs),
      coalesce(v_defined.labels, '{}') || jsonb_build_object('system.correlationId', own.id) || create_executions.labels,
      coalesce(v_defined.variables, '{}'), v_now, v_now, create_executions.created_by, create_executions.note,
      create_executions.idempotency_key, create_executions.request_hash, create_executions.schedule_date, create_executions.is_checked,
      reprise_engine.first_deadline(v_defined.sla, greatest(v_now, create_executions.schedule_date)),
      coalesce(v_defined.sla @> '[{"isFollowed": true}]', false), v_breakpoints,
      v_found is null and reprise_engine.has_deferred_inputs(v_defined.inputs),
      case when v_found is not null then reprise_engine.find_defaulted(v_defined.inputs, own.inputs, v_found) else '{}' end
    from (select reprise_engine.uuid_v7(v_now) as id, g.inputs from unnest(v_inputs) as g (inputs)) as own
    on conflict on constraint executions_idempotency_key_key do nothing
    returning id
  )
  select coalesce(array_agg(created.id order by created.id), '{}') into v_ids from created;

  if inputs::text ~ 'kestra:///|\\[/u]' then -- It may be escaped.
    perform reprise_engine.reference_input_files(array_agg(e.id), array_agg(e.inputs)) from reprise.executions as e where e.id = any (v_ids);
  end if;
  if check_failure is null then
    perform reprise_engine.start_executions(v_ids);
  else
    perform reprise_engine.end_executions(
      v_ids, 'FAILED', jsonb_build_object('reason', 'check_failed', 'message', create_executions.check_failure)
    );
    perform reprise_engine.notify_executions(v_ids);
  end if;
  return v_ids;
end;
$$;

comment on function reprise_engine.create_executions is
  'Creates an execution of a revision for each of these inputs, checks them, and opens their first tasks; each is the first of all that will hang together with it, '
  'which its system.correlationId says; or ends them as FAILED when who '
  'creates them has found that a check of the flow fails them, with what he has found their inputs to be.';
