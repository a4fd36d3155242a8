create or replace function reprise_engine.count_queued(namespace text, flow_id text, most integer)
returns integer
language sql stable
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
-- In the order of its index, as lock_queued.
set enable_sort = off
as $$
  select count(*)::integer
  from (
    select
    from reprise.executions as e
    where e.namespace = count_queued.namespace and e.flow_id = count_queued.flow_id and e.state = 'QUEUED'
    order by e.queued_at, e.id
    limit count_queued.most
  ) as waiting;
$$;

comment on function reprise_engine.count_queued is
  'How many executions wait for a slot of their flow, counted no further than asked. It is exact for whoever holds the lock of the flow.';
