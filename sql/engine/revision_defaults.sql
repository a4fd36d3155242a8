create or replace function reprise_engine.revision_defaults(task reprise.tasks)
returns table (id text, value jsonb)
language sql stable
set search_path = ''
as $$
  select i.input ->> 'id', i.input -> 'defaults'
  from reprise.flow_revisions as r
  cross join lateral jsonb_array_elements(coalesce(r.definition -> 'inputs', '[]')) as i (input)
  where r.namespace = task.namespace and r.flow_id = task.flow_id and r.revision = task.revision;
$$;

comment on function reprise_engine.revision_defaults is 'The inputs that the revision of a task defines, with their defaults.';
