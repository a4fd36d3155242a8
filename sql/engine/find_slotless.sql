create or replace function reprise_engine.find_slotless()
returns void
language plpgsql volatile
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
declare
  v_slotless uuid[];
begin
  -- From the flows with a limit to what goes on in them without a slot, by the index of that: of all flows there may be any number that go on,
  -- and of a flow any number that have ended.
  select coalesce(array_agg(e.id), '{}') into v_slotless
  from reprise.flows as f
  cross join lateral (
    select e.id
    from reprise.executions as e
    where e.namespace = f.namespace and e.flow_id = f.id
      and e.ended_at is null and e.state <> 'QUEUED' and not e.holds_slot and not e.is_scheduled
    offset 0
  ) as e
  where f.concurrency_limit is not null;

  if v_slotless <> '{}' then
    update reprise.executions as e
    set holds_slot = true
    where e.id = any (array(
      select s.id
      from reprise.executions as s
      where s.id = any (v_slotless) and s.ended_at is null and s.state <> 'QUEUED' and not s.holds_slot and not s.is_scheduled
      for no key update skip locked
    ));
  end if;
end;
$$;

comment on function reprise_engine.find_slotless is
  'Gives slots to what runs without one: a limit that is new to a flow does not see who is being created just then.';
