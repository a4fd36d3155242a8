create or replace function reprise_engine.resolve_revision(original reprise.executions, revision text)
returns integer
language plpgsql stable
set search_path = ''
as $$
declare
  v_flow reprise.flows;
  v_revision integer;
begin
  select * into v_flow from reprise.flows as f where f.namespace = original.namespace and f.id = original.flow_id;

  if coalesce(revision, 'original') = 'original' then
    v_revision := original.flow_revision;
  elsif revision = 'latest' then
    v_revision := v_flow.latest_revision;
  elsif revision ~ '^\d{1,9}$' then
    select r.revision into v_revision
    from reprise.flow_revisions as r
    where r.namespace = original.namespace and r.flow_id = original.flow_id and r.revision = resolve_revision.revision::integer;

    if v_revision is null then
      raise exception 'Flow %.% has no revision %.', original.namespace, original.flow_id, revision
        using errcode = 'RP404', detail = 'revision_not_found', hint = format('The latest is %s.', v_flow.latest_revision);
    end if;
  else
    raise exception '`%` names no revision.', revision
      using errcode = 'RP400', detail = 'malformed_revision', hint = 'Say original, latest, or a number.';
  end if;

  return v_revision;
end;
$$;

comment on function reprise_engine.resolve_revision is 'The number of the revision that a replay runs on: original, latest, or a number.';
