create or replace function reprise_engine.report_violation(execution_id uuid, sla_id text, reason text)
returns boolean
language plpgsql volatile
set search_path = ''
as $$
declare
  v_execution reprise.executions;
  v_sla jsonb;
begin
  -- Lock.
  select * into v_execution from reprise.executions as e where e.id = report_violation.execution_id for no key update;

  -- Guard.
  if v_execution.ended_at is not null or v_execution.state = 'KILLING' then
    return true;
  end if;
  select s.sla into v_sla
  from reprise.flow_revisions as r
  cross join lateral jsonb_array_elements((r.definition -> 'sla')::jsonb) as s (sla)
  where r.namespace = v_execution.namespace and r.flow_id = v_execution.flow_id and r.revision = v_execution.flow_revision
    and coalesce(s.sla ->> 'key', s.sla ->> 'id') = report_violation.sla_id;
  if not found or report_violation.sla_id = any (v_execution.violated_slas) then
    return false;
  end if;

  -- Change, consequence, notify.
  perform reprise_engine.violate_sla(v_execution.id, v_sla, report_violation.reason, v_execution.deadline_at);
  perform reprise_engine.notify_executions(array[v_execution.id]);
  return v_sla ->> 'behavior' <> 'NONE';
end;
$$;

comment on function reprise_engine.report_violation is
  'Takes it from a worker that what an SLA asserts does not hold. Returns whether the execution is at its end, with this or before.';
