create or replace function reprise_engine.count_loops_around(revision reprise.flow_revisions, task_id text)
returns integer
language sql stable
set search_path = ''
as $$
  with recursive around (parent_key, kind) as (
    select t.parent_key, null::reprise.task_kind
    from reprise.tasks as t
    where t.namespace = revision.namespace and t.flow_id = revision.flow_id and t.revision = revision.revision
      and t.id = count_loops_around.task_id
    union all
    select t.parent_key, t.kind
    from around
    cross join lateral (select t.* from reprise.tasks as t where t.key = around.parent_key offset 0) as t
  )
  select count(*)::integer from around where around.kind = 'FOR_EACH';
$$;

comment on function reprise_engine.count_loops_around is 'How many loops stand around a task that have values: so many values tell its iterations apart.';
