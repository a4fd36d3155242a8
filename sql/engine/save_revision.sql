create or replace function reprise_engine.save_revision(
  namespace text,
  flow_id text,
  source text,
  is_disabled boolean,
  definition json,
  tasks json,
  message text,
  actor text
)
returns reprise.flow_revisions
language plpgsql volatile
set search_path = ''
as $$
declare
  v_now timestamptz := reprise_engine.clock();
  v_revision reprise.flow_revisions;
  v_limit integer := (definition #>> '{concurrency,limit}')::integer;
  v_behavior reprise.concurrency_behavior := (definition #>> '{concurrency,behavior}')::reprise.concurrency_behavior;
begin
  insert into reprise.flows (namespace, id, latest_revision, created_at, updated_at)
  values (save_revision.namespace, save_revision.flow_id, 1, v_now, v_now)
  on conflict on constraint flows_pkey do nothing;

  perform
  from reprise.flows as f
  where f.namespace = save_revision.namespace and f.id = save_revision.flow_id
  for update;

  select r.* into v_revision
  from reprise.flows as f
  join reprise.flow_revisions as r on r.namespace = f.namespace and r.flow_id = f.id and r.revision = f.latest_revision
  where f.namespace = save_revision.namespace and f.id = save_revision.flow_id;

  if not found or v_revision.source <> save_revision.source then
    insert into reprise.flow_revisions (
      namespace, flow_id, revision, source, definition, is_disabled, message, created_by, created_at
    )
    values (
      save_revision.namespace, save_revision.flow_id, coalesce(v_revision.revision, 0) + 1, save_revision.source,
      save_revision.definition, save_revision.is_disabled, save_revision.message, reprise_engine.actor(save_revision.actor), v_now
    )
    returning * into v_revision;

    perform reprise_engine.save_tasks(v_revision, save_revision.tasks);
  end if;

  update reprise.flows as f
  set
    latest_revision = v_revision.revision, updated_at = v_now, deleted_at = null, concurrency_limit = v_limit,
    concurrency_behavior = v_behavior
  where f.namespace = save_revision.namespace and f.id = save_revision.flow_id
    and (f.latest_revision <> v_revision.revision or f.deleted_at is not null or f.concurrency_limit is distinct from v_limit
      or f.concurrency_behavior is distinct from v_behavior);

  -- With a higher limit, or without one, those who wait may go on.
  if reprise_engine.count_queued(save_revision.namespace, save_revision.flow_id, 1) > 0 then
    perform reprise_engine.enqueue_gates(array[save_revision.namespace], array[save_revision.flow_id]);
  end if;

  return v_revision;
end;
$$;

comment on function reprise_engine.save_revision is
  'Saves a compiled flow as the next revision, or returns the latest one when its source is the same. Saving a deleted flow brings it back.';
