create or replace function reprise_engine.lock_queued(namespace text, flow_id text, batch integer)
returns uuid[]
language sql volatile
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
-- In the order of its index, however short the planner takes the queue to be: thousands may wait for one.
set enable_sort = off
as $$
  select array(
    select e.id
    from reprise.executions as e
    where e.namespace = lock_queued.namespace and e.flow_id = lock_queued.flow_id and e.state = 'QUEUED'
    order by e.queued_at, e.id
    limit lock_queued.batch
    for no key update skip locked
  );
$$;

comment on function reprise_engine.lock_queued is
  'Locks those that have waited longest in the queue of a flow, and returns them. Those that somebody is at work on are passed over.';
