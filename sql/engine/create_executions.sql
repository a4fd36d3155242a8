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
  found_inputs json default null,
  may_be_sealed boolean default true
)
returns uuid[]
language plpgsql volatile
set search_path = ''
as $$
declare
  v_now timestamptz := reprise_engine.clock();
  v_ids uuid[];
begin
  -- Read once, however many there are to create.
  with defined as materialized (
    select d.* from json_to_record(revision.definition) as d (inputs json, labels jsonb, variables json, sla jsonb)
  ), given as (
    select
      reprise_engine.check_inputs(
        defined.inputs, case when g.inputs::text = '{}' then g.inputs else reprise_engine.clean_json(g.inputs) end,
        may_be_sealed => create_executions.may_be_sealed
      ) as inputs
    from defined
    cross join unnest(create_executions.inputs) as g (inputs)
  ), created as (
    insert into reprise.executions (
      id, namespace, flow_id, flow_revision, inputs, labels, variables, start_date, created_at, created_by, note, idempotency_key,
      request_hash, schedule_date, is_checked, deadline_at, is_asserted, breakpoints, is_unresolved, defaulted_inputs
    )
    select
      own.id, revision.namespace, revision.flow_id, revision.revision,
      case when found.inputs is not null then reprise_engine.check_inputs(defined.inputs, found.inputs) else own.inputs end,
      coalesce(defined.labels, '{}') || jsonb_build_object('system.correlationId', own.id) || create_executions.labels,
      coalesce(defined.variables, '{}'), v_now, v_now, create_executions.created_by, create_executions.note,
      create_executions.idempotency_key, create_executions.request_hash, create_executions.schedule_date, create_executions.is_checked,
      reprise_engine.first_deadline(defined.sla, greatest(v_now, create_executions.schedule_date)),
      coalesce(defined.sla @> '[{"isFollowed": true}]', false),
      reprise_engine.parse_breakpoints(create_executions.breakpoints, revision),
      found.inputs is null and reprise_engine.has_deferred_inputs(defined.inputs),
      case when found.inputs is not null then reprise_engine.find_defaulted(defined.inputs, own.inputs, found.inputs) else '{}' end
    from defined
    cross join (select reprise_engine.uuid_v7(v_now) as id, g.inputs from given as g) as own
    -- Where a worker looks at them first it finds them out by itself, as the checks may be others by then.
    cross join (
      select case when create_executions.check_failure is not null then reprise_engine.clean_json(create_executions.found_inputs) end as inputs
    ) as found
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
