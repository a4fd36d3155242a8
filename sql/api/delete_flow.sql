create or replace function reprise_api.delete_flow(namespace text, flow_id text)
returns reprise.flows
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_flow reprise.flows;
begin
  update reprise.flows as f
  set deleted_at = reprise_engine.clock(), updated_at = reprise_engine.clock()
  where f.namespace = delete_flow.namespace and f.id = delete_flow.flow_id and f.deleted_at is null
  returning * into v_flow;

  if not found then
    raise exception 'There is no flow %.%.', namespace, flow_id
      using errcode = 'RP404', detail = 'flow_not_found', hint = 'Look it up with: reprise flow list.';
  end if;

  -- Nobody will need what its tasks have kept; their rows go with the files.
  delete from reprise.files as f
  using reprise.directory_caches as c
  where c.namespace = v_flow.namespace and c.flow_id = v_flow.id and f.id = c.file_id;

  perform reprise_engine.drop_task_caches(array(
    select c.id from reprise.task_caches as c where c.namespace = v_flow.namespace and c.flow_id = v_flow.id
  ));

  return v_flow;
end;
$$;

comment on function reprise_api.delete_flow is
  'Deletes a flow: it starts nothing any more. Its revisions and executions stay readable; saving it again goes on with the next revision.';
