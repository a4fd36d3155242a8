create or replace function reprise_engine.open_gate(namespace text, flow_id text, batch integer default 200)
returns integer
language plpgsql volatile
set search_path = ''
as $$
declare
  v_limit integer;
begin
  select f.concurrency_limit into v_limit
  from reprise.flows as f
  where f.namespace = open_gate.namespace and f.id = open_gate.flow_id
  for no key update;

  return reprise_engine.let_in(open_gate.namespace, open_gate.flow_id, v_limit, open_gate.batch);
end;
$$;

comment on function reprise_engine.open_gate is
  'Starts what waits in the queue of a flow, as far as there is room, once nobody else is at it. Returns how many; there may be more.';
