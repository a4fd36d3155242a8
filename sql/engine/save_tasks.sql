create or replace function reprise_engine.save_tasks(revision reprise.flow_revisions, tasks json)
returns void
language plpgsql volatile
set search_path = ''
set enable_nestloop = off -- What is laid side by side is all of one revision: row by row, thousands of tasks would take minutes.
as $$
begin
  insert into reprise.tasks (
    namespace, flow_id, revision, id, type, kind, branch, position, is_disabled, allow_failure, allow_warning, is_inline, is_after,
    job_identifier, definition, fingerprint, retry, reads
  )
  select
    save_tasks.revision.namespace, save_tasks.revision.flow_id, save_tasks.revision.revision, t.id, t.type, t.kind,
    -- Places inside blocks are told apart by the block's key, which is set below.
    coalesce(t.parent || '/', '') || t.branch, t.position, t."isDisabled", t."allowFailure", t."allowWarning",
    t."isInline", t."isAfter", t."jobIdentifier", t.definition, t.fingerprint, nullif(t.retry, 'null'), t.reads
  from json_to_recordset(save_tasks.tasks) as t (
    id text, type text, kind reprise.task_kind, parent text, branch text, position integer, "isDisabled" boolean,
    "allowFailure" boolean, "allowWarning" boolean, "isInline" boolean, "isAfter" boolean, "jobIdentifier" text, definition json, fingerprint text, retry jsonb, reads jsonb
  );

  with known as materialized (
    select t.key, t.id
    from reprise.tasks as t
    where t.namespace = save_tasks.revision.namespace and t.flow_id = save_tasks.revision.flow_id
      and t.revision = save_tasks.revision.revision
  ), given as materialized (
    select g.id, g.parent, g.branch, nullif(g."readsTasks", 'null') as reads_tasks, nullif(g."dependsOn", 'null') as depends_on
    from json_to_recordset(save_tasks.tasks) as g (id text, parent text, branch text, "readsTasks" jsonb, "dependsOn" jsonb)
  ), read as (
    select g.id, array_agg(k.key order by k.key) as keys, array_agg(k.id order by k.key) as ids
    from given as g
    cross join lateral jsonb_array_elements_text(g.reads_tasks) as wanted (id)
    join known as k on k.id = wanted.id
    group by g.id
  ), waited_for as (
    select g.id, array_agg(k.key order by k.key) as keys
    from given as g
    cross join lateral jsonb_array_elements_text(g.depends_on) as wanted (id)
    join known as k on k.id = wanted.id
    group by g.id
  )
  update reprise.tasks as t
  set
    parent_key = parent.key,
    branch = g.branch,
    reads_tasks = case when g.reads_tasks is not null then coalesce(read.keys, '{}') end,
    reads_task_ids = case when g.reads_tasks is not null then coalesce(read.ids, '{}') end,
    reads_own = case when t.reads ? 'own' then reprise_engine.count_own_loops(t.reads, read.ids) end,
    depends_on = waited_for.keys
  from given as g
  join known as own on own.id = g.id
  left join known as parent on parent.id = g.parent
  left join read on read.id = g.id
  left join waited_for on waited_for.id = g.id
  where t.key = own.key and t.namespace = save_tasks.revision.namespace and t.flow_id = save_tasks.revision.flow_id
    and t.revision = save_tasks.revision.revision;

  update reprise.tasks as t
  set next_key = case when not place.is_wide or t.branch <> 'tasks' then place.next_key end, lane = place.lane
  from (
    select
      e.key,
      -- Each of its tasks is a lane of its own: none is behind another.
      coalesce(reprise_engine.is_wide(parent.kind, parent.type), false) as is_wide,
      lead(e.key) over in_list as next_key,
      row_number() over in_list - 1 as lane
    from reprise.tasks as e
    left join reprise.tasks as parent
      on parent.key = e.parent_key and parent.namespace = save_tasks.revision.namespace
      and parent.flow_id = save_tasks.revision.flow_id and parent.revision = save_tasks.revision.revision
    where e.namespace = save_tasks.revision.namespace and e.flow_id = save_tasks.revision.flow_id
      and e.revision = save_tasks.revision.revision and not e.is_disabled
    window in_list as (partition by e.parent_key, e.branch order by e.position)
  ) as place
  where t.key = place.key
    and t.namespace = save_tasks.revision.namespace and t.flow_id = save_tasks.revision.flow_id
    and t.revision = save_tasks.revision.revision;

  perform reprise_engine.link_iterations(save_tasks.revision);
end;
$$;

comment on function reprise_engine.save_tasks is
  'Writes the compiled tasks of a new revision: their places, the keys of what they read and wait for, and the enabled task behind each.';
