create or replace function reprise_api.enable_flow(namespace text, flow_id text)
returns reprise.flows
language sql volatile security definer
set search_path = ''
as $$
  select reprise_engine.set_flow_disabled(enable_flow.namespace, enable_flow.flow_id, false);
$$;

comment on function reprise_api.enable_flow is
  'Lets a disabled flow start executions again.';
