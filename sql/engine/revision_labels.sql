create or replace function reprise_engine.revision_labels(execution reprise.executions, revision integer)
returns table (key text, value jsonb)
language sql stable
set search_path = ''
as $$
  select l.key, l.value
  from reprise.flow_revisions as r
  cross join lateral jsonb_each((r.definition -> 'labels')::jsonb) as l
  where r.namespace = revision_labels.execution.namespace and r.flow_id = revision_labels.execution.flow_id
    and r.revision = revision_labels.revision;
$$;

comment on function reprise_engine.revision_labels is 'The labels that a revision of the flow of an execution defines.';
