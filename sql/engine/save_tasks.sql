create or replace function reprise_engine.save_tasks(revision reprise.flow_revisions, tasks jsonb)
returns void
language plpgsql volatile
set search_path = ''
as $$
begin
  insert into reprise.tasks (
    namespace, flow_id, revision, id, type, kind, branch, position, is_disabled, allow_failure, allow_warning, job_identifier,
    definition, fingerprint, retry, reads
  )
  select
    save_tasks.revision.namespace, save_tasks.revision.flow_id, save_tasks.revision.revision, t.id, t.type, t.kind,
    -- Places inside blocks are told apart by the block's key, which is set below.
    coalesce(t.parent || '/', '') || t.branch, t.position, t."isDisabled", t."allowFailure", t."allowWarning",
    t."jobIdentifier", t.definition, t.fingerprint, nullif(t.retry, 'null'), t.reads
  from jsonb_to_recordset(save_tasks.tasks) as t (
    id text, type text, kind reprise.task_kind, parent text, branch text, position integer, "isDisabled" boolean,
    "allowFailure" boolean, "allowWarning" boolean, "jobIdentifier" text, definition jsonb, fingerprint text, retry jsonb, reads jsonb
  );

  update reprise.tasks as t
  set
    parent_key = parent.key,
    branch = given.branch,
    (reads_tasks, reads_task_ids) = (
      select
        coalesce(array_agg(read.key order by read.key) filter (where read.key is not null), '{}'),
        coalesce(array_agg(read.id order by read.key) filter (where read.key is not null), '{}')
      from jsonb_array_elements_text(given.reads_tasks) as wanted (id)
      join reprise.tasks as read
        on read.namespace = t.namespace and read.flow_id = t.flow_id and read.revision = t.revision and read.id = wanted.id
      having given.reads_tasks is not null
    )
  from (
    select g.id, g.parent, g.branch, nullif(g."readsTasks", 'null') as reads_tasks
    from jsonb_to_recordset(save_tasks.tasks) as g (id text, parent text, branch text, "readsTasks" jsonb)
  ) as given
  left join reprise.tasks as parent
    on parent.namespace = save_tasks.revision.namespace and parent.flow_id = save_tasks.revision.flow_id
    and parent.revision = save_tasks.revision.revision and parent.id = given.parent
  where t.namespace = save_tasks.revision.namespace and t.flow_id = save_tasks.revision.flow_id
    and t.revision = save_tasks.revision.revision and t.id = given.id;

  update reprise.tasks as t
  set next_key = following.key
  from (
    select
      e.key as previous_key,
      lead(e.key) over (partition by e.parent_key, e.branch order by e.position) as key
    from reprise.tasks as e
    where e.namespace = save_tasks.revision.namespace and e.flow_id = save_tasks.revision.flow_id
      and e.revision = save_tasks.revision.revision and not e.is_disabled
  ) as following
  where t.key = following.previous_key and following.key is not null;
end;
$$;

comment on function reprise_engine.save_tasks is
  'Writes the compiled tasks of a new revision: their places, the keys of what they read, and the enabled task behind each.';
