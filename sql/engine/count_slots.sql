create or replace function reprise_engine.count_slots(namespace text, flow_id text, most integer)
returns integer
language sql stable
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
-- In the order of its index: by any other it would look through all executions of the flow, and thousands may wait.
set enable_sort = off
as $$
  select count(*)::integer
  from (
    select
    from reprise.executions as e
    where e.namespace = count_slots.namespace and e.flow_id = count_slots.flow_id and e.holds_slot
    order by e.queued_at
    limit count_slots.most
  ) as taken;
$$;

comment on function reprise_engine.count_slots is
  'How many slots of a flow are taken, counted no further than asked. It is exact for whoever holds the lock of the flow.';
