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
  breakpoints text[] default null
)
returns uuid[]
language plpgsql volatile
set search_path = ''
as $$
declare
  v_now timestamptz := reprise_engine.clock();
  v_ids uuid[];
begin
  with created as (
    insert into reprise.executions (
      id, namespace, flow_id, flow_revision, inputs, labels, variables, start_date, created_at, created_by, note, idempotency_key,
      request_hash, schedule_date, is_checked, deadline_at, is_asserted, breakpoints, is_unresolved
    )
    select
      reprise_engine.uuid_v7(v_now), revision.namespace, revision.flow_id, revision.revision,
      reprise_engine.check_inputs(
        defined.inputs, case when given.inputs::text = '{}' then given.inputs else reprise_engine.clean_json(given.inputs) end
      ),
      coalesce(defined.labels, '{}') || create_executions.labels,
      coalesce(defined.variables, '{}'), v_now, v_now, create_executions.created_by, create_executions.note,
      create_executions.idempotency_key, create_executions.request_hash, create_executions.schedule_date, create_executions.is_checked,
      reprise_engine.first_deadline(defined.sla, greatest(v_now, create_executions.schedule_date)),
      coalesce(defined.sla @> '[{"isFollowed": true}]', false),
      reprise_engine.parse_breakpoints(create_executions.breakpoints, revision),
      reprise_engine.has_deferred_inputs(defined.inputs)
    from unnest(create_executions.inputs) as given (inputs)
    -- Read once, however many there are to create.
    cross join json_to_record(revision.definition) as defined (inputs json, labels jsonb, variables json, sla jsonb)
    on conflict on constraint executions_idempotency_key_key do nothing
    returning id
  )
  select coalesce(array_agg(created.id order by created.id), '{}') into v_ids from created;

  if inputs::text like '%kestra:///%' then
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
  'Creates an execution of a revision for each of these inputs, checks them, and opens their first tasks; or ends them as FAILED when who '
  'creates them has found that a check of the flow fails them.';
