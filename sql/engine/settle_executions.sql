create or replace function reprise_engine.settle_executions(execution_ids uuid[])
returns void
language plpgsql volatile
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
declare
  v_flows record;
  v_parents bigint[];
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
  ), told as (
    -- A parent is told even where it does not wait: what has failed it may have ended well by now.
    insert into reprise.ended_subflows (task_run_id, execution_id, ended_at)
    select e.parent_task_run_id, e.id, now.at
    from reprise.executions as e
    cross join reprise_engine.clock() as now (at)
    where e.id = any (settle_executions.execution_ids) and e.parent_task_run_id is not null
      -- A parent waits for the end of the line.
      and e.state <> 'RETRIED'
    returning task_run_id
  )
  select
    (select array_agg(f.namespace) from (select distinct freed.namespace, freed.flow_id from freed) as f) as namespaces,
    (select array_agg(f.flow_id) from (select distinct freed.namespace, freed.flow_id from freed) as f) as ids,
    (select array_agg(told.task_run_id) from told) as parents
  into v_flows;
  v_parents := v_flows.parents;

  if v_flows.ids is not null then
    perform reprise_engine.free_slots(v_flows.namespaces, v_flows.ids);
  end if;
  if v_parents is not null then
    perform reprise_engine.enqueue_parents(v_parents);
  end if;
end;
$$;

comment on function reprise_engine.settle_executions is
  'What follows when executions are over for good, with what their flows run after them: their slots are free. Holds their locks and may '
  'wait for no other: who waits for them is told by a job.';
