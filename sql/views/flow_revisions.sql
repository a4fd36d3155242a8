create or replace view reprise_api.flow_revisions as
select
  r.namespace,
  r.flow_id,
  r.revision,
  r.source,
  r.definition ->> 'description' as description,
  r.definition -> 'labels' as labels,
  r.definition -> 'variables' as variables,
  r.definition -> 'inputs' as inputs,
  r.definition -> 'outputs' as outputs,
  r.is_disabled,
  r.message,
  r.created_by,
  r.created_at
from reprise.flow_revisions as r;

comment on view reprise_api.flow_revisions is 'One saved text of a flow. It never changes: a changed text is a new revision.';
comment on column reprise_api.flow_revisions.namespace is 'The namespace of the flow.';
comment on column reprise_api.flow_revisions.flow_id is 'The id of the flow.';
comment on column reprise_api.flow_revisions.revision is 'Counts from 1, one up with each changed text.';
comment on column reprise_api.flow_revisions.source is 'The YAML text, byte for byte as it was saved.';
comment on column reprise_api.flow_revisions.description is 'What the flow does, in its own words.';
comment on column reprise_api.flow_revisions.labels is 'The labels that it gives to executions.';
comment on column reprise_api.flow_revisions.variables is 'The variables, as written.';
comment on column reprise_api.flow_revisions.inputs is
  'The inputs that it takes, in their order: [{"id", "type", "required", "defaults", …}].';
comment on column reprise_api.flow_revisions.outputs is 'The outputs that it makes: [{"id", "type", "value", …}].';
comment on column reprise_api.flow_revisions.is_disabled is 'Whether the text itself says disabled: true.';
comment on column reprise_api.flow_revisions.message is 'What the author said about the change.';
comment on column reprise_api.flow_revisions.created_by is 'Who saved it.';
comment on column reprise_api.flow_revisions.created_at is 'When it was saved.';
