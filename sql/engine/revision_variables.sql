create or replace function reprise_engine.revision_variables(task reprise.tasks)
returns table (key text, value jsonb)
language sql stable
set search_path = ''
as $$
  select v.key, v.value
  from reprise.flow_revisions as r
  cross join lateral jsonb_each(coalesce(r.definition -> 'variables', '{}')) as v
  where r.namespace = task.namespace and r.flow_id = task.flow_id and r.revision = task.revision;
$$;

comment on function reprise_engine.revision_variables is 'The variables that the revision of a task defines.';
