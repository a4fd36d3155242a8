create or replace function reprise_engine.violate_sla(execution_id uuid, sla jsonb, reason text, next_deadline_at timestamptz)
returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_id text := sla ->> 'id';
  v_behavior text := sla ->> 'behavior';
  v_message text;
begin
  update reprise.executions as e
  set
    labels = e.labels || coalesce(violate_sla.sla -> 'labels', '{}'), violated_slas = e.violated_slas || coalesce(sla ->> 'key', v_id),
    deadline_at = violate_sla.next_deadline_at
  where e.id = violate_sla.execution_id;
  perform reprise_engine.log_event(violate_sla.execution_id, format('SLA ''%s'' violated: %s', v_id, reason), 'WARN');
  if v_behavior = 'NONE' then
    perform reprise_engine.enqueue_deadlines(array[violate_sla.execution_id]);
    return;
  end if;

  v_message := format(
    'Execution %s due to SLA ''%s'' violated: %s', case v_behavior when 'FAIL' then 'failed' else 'cancelled' end, v_id, reason
  );
  perform reprise_engine.log_event(violate_sla.execution_id, v_message, 'ERROR');
  perform graphile_worker.remove_job('deadline:' || violate_sla.execution_id);
  perform reprise_engine.end_executions(
    array[violate_sla.execution_id], case v_behavior when 'FAIL' then 'FAILED' else 'CANCELLED' end::reprise.execution_state,
    jsonb_build_object('reason', 'sla_violated', 'message', v_message)
  );
end;
$$;

comment on function reprise_engine.violate_sla is
  'An execution has violated an SLA of its flow: it gets the labels that the SLA names, and ends where the SLA says so. The '
  'caller holds its lock, and it has not ended.';
