create or replace function reprise_api.save_revision(
  namespace text,
  flow_id text,
  source text,
  is_disabled boolean,
  definition jsonb,
  tasks jsonb,
  message text default null,
  actor text default null
)
returns reprise.flow_revisions
language sql volatile security definer
set search_path = ''
as $$
  select reprise_engine.save_revision(
    save_revision.namespace, save_revision.flow_id, save_revision.source, save_revision.is_disabled, save_revision.definition,
    save_revision.tasks, save_revision.message, save_revision.actor
  );
$$;

comment on function reprise_api.save_revision is
  'Saves a flow that was read and compiled, or returns its latest revision when the source is the same. It believes what it is given: '
  'reading and checking the source is the caller''s part.';
