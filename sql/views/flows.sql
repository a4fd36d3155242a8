create or replace view reprise_api.flows as
select
  f.namespace,
  f.id,
  f.latest_revision,
  f.is_disabled or r.is_disabled as is_disabled,
  r.definition ->> 'description' as description,
  r.definition -> 'labels' as labels,
  f.created_at,
  f.updated_at
from reprise.flows as f
join reprise.flow_revisions as r on r.namespace = f.namespace and r.flow_id = f.id and r.revision = f.latest_revision
where f.deleted_at is null;

comment on view reprise_api.flows is
  'A flow: what a person saves, runs and replays. Its text lives in its revisions. A deleted one is not shown; its revisions and executions are.';
comment on column reprise_api.flows.namespace is 'The namespace, dotted: company.team.';
comment on column reprise_api.flows.id is 'The id, unique in its namespace.';
comment on column reprise_api.flows.latest_revision is 'The number of the newest revision.';
comment on column reprise_api.flows.is_disabled is 'Whether it starts no new executions: it was disabled, or its text says so.';
comment on column reprise_api.flows.description is 'What its newest text says that it does.';
comment on column reprise_api.flows.labels is 'The labels that its newest text gives to executions.';
comment on column reprise_api.flows.created_at is 'When the first revision was saved.';
comment on column reprise_api.flows.updated_at is 'When the flow last changed.';
