create or replace function reprise_engine.free_slots(namespaces text[], flow_ids text[])
returns void
language plpgsql volatile
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
declare
  c_batch constant integer := 20;
  v_flow record;
  v_limit integer;
begin
  for v_flow in
    select freed.namespace, freed.id from unnest(free_slots.namespaces, free_slots.flow_ids) as freed (namespace, id)
  loop
    -- The caller holds executions, and so waits for no flow: where somebody else is at it, a job looks after him.
    select f.concurrency_limit into v_limit
    from reprise.flows as f
    where f.namespace = v_flow.namespace and f.id = v_flow.id
      and coalesce(current_setting('reprise.is_letting_in', true), '') = ''
    for no key update skip locked;

    if not found or reprise_engine.let_in(v_flow.namespace, v_flow.id, v_limit, c_batch) = c_batch then
      perform reprise_engine.enqueue_gates(array[v_flow.namespace], array[v_flow.id]);
    end if;
  end loop;
end;
$$;

comment on function reprise_engine.free_slots is
  'Slots of flows were freed: lets in at once who waits for them, where that takes no waiting for a lock, and otherwise by a job.';
