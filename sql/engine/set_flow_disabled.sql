create or replace function reprise_engine.set_flow_disabled(namespace text, flow_id text, is_disabled boolean)
returns reprise.flows
language plpgsql volatile
set search_path = ''
as $$
declare
  v_flow reprise.flows;
begin
  update reprise.flows as f
  set is_disabled = set_flow_disabled.is_disabled, updated_at = reprise_engine.clock()
  where f.namespace = set_flow_disabled.namespace and f.id = set_flow_disabled.flow_id and f.deleted_at is null
  returning * into v_flow;

  if not found then
    raise exception 'There is no flow %.%.', namespace, flow_id
      using errcode = 'RP404', detail = 'flow_not_found', hint = 'Look it up with: reprise flow list.';
  elsif not is_disabled and exists (
    select
    from reprise.flow_revisions as r
    where r.namespace = v_flow.namespace and r.flow_id = v_flow.id and r.revision = v_flow.latest_revision and r.is_disabled
  ) then
    raise exception 'The text of flow %.% says disabled: true.', namespace, flow_id
      using errcode = 'RP409', detail = 'flow_disabled', hint = 'Save it without that line.';
  end if;

  return v_flow;
end;
$$;

comment on function reprise_engine.set_flow_disabled is 'Disables or enables a flow.';
