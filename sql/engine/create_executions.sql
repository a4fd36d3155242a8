create or replace function reprise_engine.create_executions(
  revision reprise.flow_revisions,
  inputs jsonb[],
  labels jsonb,
  created_by text,
  note text default null,
  idempotency_key text default null,
  request_hash text default null,
  schedule_date timestamptz default null,
  is_checked boolean default false,
  check_failure text default null,
  breakpoints text[] default null,
  found_inputs jsonb default null,
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
  with given as (
    select reprise_engine.check_inputs(revision.definition -> 'inputs', g.inputs, may_be_sealed => create_executions.may_be_sealed) as inputs
    from unnest(create_executions.inputs) as g (inputs)
  ), created as (
    insert into reprise.executions (
      id, namespace, flow_id, flow_revision, inputs, labels, variables, start_date, created_at, created_by, note, idempotency_key,
      request_hash, schedule_date, is_checked, deadline_at, is_asserted, breakpoints, is_unresolved, defaulted_inputs
    )
    select
      reprise_engine.uuid_v7(v_now), revision.namespace, revision.flow_id, revision.revision,
      case when found.inputs is not null then reprise_engine.check_inputs(revision.definition -> 'inputs', found.inputs) else given.inputs end,
      coalesce(revision.definition -> 'labels', '{}') || create_executions.labels,
      coalesce(revision.definition -> 'variables', '{}'), v_now, v_now, create_executions.created_by, create_executions.note,
      create_executions.idempotency_key, create_executions.request_hash, create_executions.schedule_date, create_executions.is_checked,
      reprise_engine.first_deadline(revision.definition -> 'sla', greatest(v_now, create_executions.schedule_date)),
      coalesce(revision.definition -> 'sla' @> '[{"isFollowed": true}]', false),
      reprise_engine.parse_breakpoints(create_executions.breakpoints, revision),
      found.inputs is null and reprise_engine.has_deferred_inputs(revision.definition -> 'inputs'),
      case
        when found.inputs is not null then reprise_engine.find_defaulted(revision.definition -> 'inputs', given.inputs, found.inputs)
        else '{}'
      end
    from given
    -- Where a worker looks at them first it finds them out by itself, as the checks may be others by then.
    cross join (select case when create_executions.check_failure is not null then create_executions.found_inputs end as inputs) as found
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
  'creates them has found that a check of the flow fails them, with what he has found their inputs to be.';
