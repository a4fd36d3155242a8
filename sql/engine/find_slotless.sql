create or replace function reprise_engine.find_slotless()
returns void
language plpgsql volatile
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
declare
  c_running constant reprise.execution_state[] := '{CREATED,RUNNING,PAUSED,RETRYING,BREAKPOINT,RESTARTED,KILLING}';
  v_slotless uuid[];
begin
  if not exists (select from reprise.flows as f where f.concurrency_limit is not null) then
    return;
  end if;

  -- From what runs to its flow: of a flow there may be any number that have ended.
  select coalesce(array_agg(e.id), '{}') into v_slotless
  from reprise.executions as e
  cross join lateral (
    select f.concurrency_limit from reprise.flows as f where f.namespace = e.namespace and f.id = e.flow_id offset 0
  ) as f
  where e.state = any (c_running) and not e.holds_slot and not e.is_scheduled and f.concurrency_limit is not null;

  if v_slotless <> '{}' then
    update reprise.executions as e
    set holds_slot = true
    where e.id = any (array(
      select s.id
      from reprise.executions as s
      where s.id = any (v_slotless) and s.state = any (c_running) and not s.holds_slot and not s.is_scheduled
      for no key update skip locked
    ));
  end if;
end;
$$;

comment on function reprise_engine.find_slotless is
  'Gives slots to what runs without one: a limit that is new to a flow does not see who is being created just then.';
