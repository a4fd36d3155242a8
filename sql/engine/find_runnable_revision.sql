create or replace function reprise_engine.find_runnable_revision(namespace text, flow_id text, revision integer)
returns reprise.flow_revisions
language plpgsql stable
set search_path = ''
as $$
declare
  v_flow reprise.flows;
  v_revision reprise.flow_revisions;
begin
  select * into v_flow
  from reprise.flows as f
  where f.namespace = find_runnable_revision.namespace and f.id = find_runnable_revision.flow_id and f.deleted_at is null;
  if not found then
    raise exception 'There is no flow %.%.', find_runnable_revision.namespace, find_runnable_revision.flow_id
      using errcode = 'RP404', detail = 'flow_not_found', hint = 'Look it up with: reprise flow list.';
  end if;

  select * into v_revision
  from reprise.flow_revisions as r
  where r.namespace = v_flow.namespace and r.flow_id = v_flow.id
    and r.revision = coalesce(find_runnable_revision.revision, v_flow.latest_revision);
  if not found then
    raise exception 'Flow %.% has no revision %.', v_flow.namespace, v_flow.id, find_runnable_revision.revision
      using errcode = 'RP404', detail = 'revision_not_found', hint = format('The latest is %s.', v_flow.latest_revision);
  elsif v_flow.is_disabled or v_revision.is_disabled then
    raise exception 'Flow %.% is disabled.', v_flow.namespace, v_flow.id
      using
        errcode = 'RP409', detail = 'flow_disabled',
        hint = case
          when v_flow.is_disabled then 'Enable it first: reprise flow enable.'
          else 'Its text says disabled: true; save it without.'
        end;
  end if;

  return v_revision;
end;
$$;

comment on function reprise_engine.find_runnable_revision is
  'The revision of a flow that a new execution runs on, the latest when none is named. Raises when it is absent, deleted or disabled.';
