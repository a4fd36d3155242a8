create or replace function reprise_engine.give_slots(namespace text, flow_id text)
returns void
language plpgsql volatile
set search_path = ''
set enable_seqscan = off -- a plan that was made when there were few executions stays in use when there are many
as $$
begin
  if not exists (
    select
    from reprise.flows as f
    where f.namespace = give_slots.namespace and f.id = give_slots.flow_id and f.concurrency_limit is null
  ) then
    return;
  end if;

  -- Executions before their flow. Those that somebody is just creating are found by reconcile_wake_ups.
  perform
  from reprise.executions as e
  where e.namespace = give_slots.namespace and e.flow_id = give_slots.flow_id and not e.is_scheduled
    and (e.ended_at is null and e.state <> 'QUEUED' or e.is_finishing)
  order by e.id
  for no key update;

  update reprise.executions as e
  set holds_slot = true
  where e.namespace = give_slots.namespace and e.flow_id = give_slots.flow_id and not e.is_scheduled and not e.holds_slot
    and (e.ended_at is null and e.state <> 'QUEUED' or e.is_finishing);
end;
$$;

comment on function reprise_engine.give_slots is
  'Gives slots to the executions of a flow that run already, before it limits how many do: the limit counts them.';
