create or replace function reprise_engine.open_gate(namespace text, flow_id text, batch integer default 200)
returns integer
language plpgsql volatile
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
declare
  v_limit integer;
  v_free integer;
  v_admitted uuid[];
begin
  -- Lock. Whoever holds a flow waits for no execution: those that somebody is at work on are passed over.
  select f.concurrency_limit into v_limit
  from reprise.flows as f
  where f.namespace = open_gate.namespace and f.id = open_gate.flow_id
  for no key update;

  -- Guard.
  v_free := least(
    v_limit - reprise_engine.count_slots(open_gate.namespace, open_gate.flow_id, v_limit), open_gate.batch
  );
  if v_free <= 0 then
    return 0;
  end if;
  select coalesce(array_agg(oldest.id), '{}') into v_admitted
  from (
    select e.id
    from reprise.executions as e
    where e.namespace = open_gate.namespace and e.flow_id = open_gate.flow_id and e.state = 'QUEUED'
    order by e.queued_at, e.id
    limit v_free
    for no key update skip locked
  ) as oldest;

  -- Change, consequence, notify.
  if v_admitted <> '{}' then
    perform reprise_engine.leave_queue(v_admitted, holding => v_limit is not null);
  end if;
  return cardinality(v_admitted);
end;
$$;

comment on function reprise_engine.open_gate is
  'Starts the executions that have waited longest in the queue of a flow, as many as it has free slots, or all where it has no limit any '
  'more. Returns how many; there may be more.';
