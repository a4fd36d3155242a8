create or replace function reprise_engine.settle_executions(execution_ids uuid[])
returns void
language plpgsql volatile
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
declare
  v_flows record;
begin
  with freed as (
    select e.id, e.namespace, e.flow_id
    from reprise.executions as e
    where e.id = any (settle_executions.execution_ids) and e.holds_slot
    offset 0
  ), settled as (
    update reprise.executions as e
    set is_finishing = false, holds_slot = false
    where e.id = any (settle_executions.execution_ids) and (e.is_finishing or e.holds_slot)
  )
  select array_agg(f.namespace) as namespaces, array_agg(f.flow_id) as ids
  into v_flows
  from (select distinct freed.namespace, freed.flow_id from freed) as f;

  if v_flows.ids is not null then
    perform reprise_engine.free_slots(v_flows.namespaces, v_flows.ids);
  end if;
end;
$$;

comment on function reprise_engine.settle_executions is
  'What follows when executions are over for good, with what their flows run after them: their slots are free. Holds their locks and may '
  'wait for no other: who waits for them is told by a job.';
