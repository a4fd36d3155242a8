create or replace function reprise_engine.enforce_deadline(execution_id uuid)
returns void
language plpgsql volatile
set search_path = ''
set intervalstyle = 'iso_8601'
as $$
declare
  v_now timestamptz := reprise_engine.clock();
  v_execution reprise.executions;
  v_slas jsonb;
  v_sla jsonb;
  v_since timestamptz;
  v_allowed interval;
begin
  -- Lock.
  select * into v_execution from reprise.executions as e where e.id = enforce_deadline.execution_id for no key update;
  if not found then
    return;
  end if;
  select (r.definition -> 'sla')::jsonb into v_slas
  from reprise.flow_revisions as r
  where r.namespace = v_execution.namespace and r.flow_id = v_execution.flow_id and r.revision = v_execution.flow_revision;

  -- Guard: it may have ended meanwhile, or is being killed; or its job came early.
  while v_execution.ended_at is null and v_execution.state <> 'KILLING' and v_execution.deadline_at <= v_now loop
    select s.sla into v_sla
    from jsonb_array_elements(v_slas) with ordinality as s (sla, place)
    where s.sla ->> 'type' = 'MAX_DURATION' and coalesce(s.sla ->> 'key', s.sla ->> 'id') <> all (v_execution.violated_slas)
    order by (s.sla ->> 'durationMs')::bigint, s.place
    limit 1;
    v_allowed := make_interval(secs => (v_sla ->> 'durationMs')::bigint / 1000.0);
    v_since := v_execution.deadline_at - v_allowed;

    -- Change, consequence.
    perform reprise_engine.violate_sla(
      v_execution.id, v_sla,
      format(
        'execution duration of %s exceed the maximum duration of %s',
        make_interval(secs => extract(epoch from v_now - v_since)), v_allowed
      ),
      reprise_engine.first_deadline(v_slas, v_since, v_execution.violated_slas || coalesce(v_sla ->> 'key', v_sla ->> 'id'))
    );
    select * into v_execution from reprise.executions as e where e.id = v_execution.id;
  end loop;

  -- Notify.
  perform reprise_engine.notify_executions(array[v_execution.id]);
end;
$$;

comment on function reprise_engine.enforce_deadline is
  'Takes up the SLAs on the duration of an execution whose time has come, one after the other. Late or repeated, it changes nothing.';
