create or replace function reprise_engine.take_slots(execution_ids uuid[])
returns uuid[]
language plpgsql volatile
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
declare
  v_flow record;
  v_limit integer;
  v_behavior reprise.concurrency_behavior;
  v_free integer;
  v_admitted uuid[] := '{}';
  v_refused uuid[];
begin
  for v_flow in
    select e.namespace, e.flow_id, array_agg(e.id order by e.created_at, e.id) as ids
    from (select * from reprise.executions as x where x.id = any (take_slots.execution_ids) offset 0) as e
    group by e.namespace, e.flow_id
    order by e.namespace, e.flow_id
  loop
    -- Lock: of two who see one free slot, the second looks again. The limit may have changed too.
    select f.concurrency_limit, f.concurrency_behavior into v_limit, v_behavior
    from reprise.flows as f
    where f.namespace = v_flow.namespace and f.id = v_flow.flow_id
    for no key update;

    -- Guard: free slots belong to those who wait already, who are about to be let in.
    v_free := v_limit - reprise_engine.count_slots(v_flow.namespace, v_flow.flow_id, v_limit)
      - reprise_engine.count_queued(v_flow.namespace, v_flow.flow_id, v_limit);
    v_free := greatest(coalesce(v_free, cardinality(v_flow.ids)), 0);

    -- Change.
    update reprise.executions as e
    set holds_slot = v_limit is not null
    where e.id = any (v_flow.ids[1:v_free]);
    v_admitted := v_admitted || v_flow.ids[1:v_free];
    v_refused := v_flow.ids[v_free + 1:];
    if v_refused <> '{}' then
      perform reprise_engine.refuse_slots(v_refused, v_limit, v_behavior);
    end if;
  end loop;

  return v_admitted;
end;
$$;

comment on function reprise_engine.take_slots is
  'Executions come to flows that limit how many run at once. Those that find a free slot take it and are returned; the others wait, or end, '
  'as the flow says. Their flows stay locked until the transaction ends, since only then does anybody see who holds the slots.';
