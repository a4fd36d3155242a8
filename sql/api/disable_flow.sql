create or replace function reprise_api.disable_flow(namespace text, flow_id text)
returns reprise.flows
language sql volatile security definer
set search_path = ''
as $$
  select reprise_engine.set_flow_disabled(disable_flow.namespace, disable_flow.flow_id, true);
$$;

comment on function reprise_api.disable_flow is
  'Stops a flow from starting new executions. Running ones go on.';
