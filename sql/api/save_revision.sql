create or replace function reprise_api.save_revision(
  namespace text,
  flow_id text,
  source text,
  is_disabled boolean,
  definition json,
  tasks json,
  message text default null,
  actor text default null,
  expected_revision integer default null
)
returns reprise.flow_revisions
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_latest_revision integer;
begin
  if definition -> 'concurrency' is not null then
    perform reprise_engine.give_slots(namespace, flow_id);
  end if;

  if expected_revision is not null then
    -- Lock, so that of two who saw the same revision only one saves.
    select f.latest_revision into v_latest_revision
    from reprise.flows as f
    where f.namespace = save_revision.namespace and f.id = save_revision.flow_id
    for update;

    if coalesce(v_latest_revision, 0) <> expected_revision then
      raise exception 'Flow %.% is at revision %, not %.', namespace, flow_id, coalesce(v_latest_revision, 0), expected_revision
        using errcode = 'RP409', detail = 'outdated_revision', hint = 'Look at what changed, then save again.';
    end if;
  end if;

  return reprise_engine.save_revision(
    save_revision.namespace, save_revision.flow_id, save_revision.source, save_revision.is_disabled, save_revision.definition,
    save_revision.tasks, save_revision.message, save_revision.actor
  );
end;
$$;

comment on function reprise_api.save_revision is
  'Saves a flow that was read and compiled, or returns its latest revision when the source is the same. It believes what it is given: '
  'reading and checking the source is the caller''s part. expected_revision: refuses (RP409) when the flow is not at that revision any '
  'more; 0 for a flow that must be new.';
