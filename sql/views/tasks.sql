create or replace view reprise_api.tasks as
select
  t.namespace,
  t.flow_id,
  t.revision,
  t.id,
  t.key,
  t.type,
  t.kind,
  parent.id as parent_id,
  t.branch,
  t.position,
  t.is_disabled,
  t.allow_failure,
  t.allow_warning,
  t.definition,
  t.retry
from reprise.tasks as t
left join reprise.tasks as parent on parent.key = t.parent_key
where t.kind not in ('DEFAULTS', 'OUTPUTS', 'LOOP_OUTPUTS');

comment on view reprise_api.tasks is 'One task of one revision.';
comment on column reprise_api.tasks.namespace is 'The namespace of the flow.';
comment on column reprise_api.tasks.flow_id is 'The id of the flow.';
comment on column reprise_api.tasks.revision is 'The number of the revision.';
comment on column reprise_api.tasks.id is 'The id, unique in the revision. With the iteration path it is a task''s identity over revisions.';
comment on column reprise_api.tasks.key is 'The key of the row; another revision''s task of the same id has another.';
comment on column reprise_api.tasks.type is 'The full name of the task type.';
comment on column reprise_api.tasks.kind is 'How the engine treats it: RUNNABLE ones go to a worker, the others are blocks.';
comment on column reprise_api.tasks.parent_id is 'The id of the block it stands in; empty at the top of the flow.';
comment on column reprise_api.tasks.branch is 'The list of its block that it stands in: tasks, then, else, errors, finally.';
comment on column reprise_api.tasks.position is 'Its place in that list, from 0.';
comment on column reprise_api.tasks.is_disabled is 'A disabled task is passed over, as if it were not there.';
comment on column reprise_api.tasks.allow_failure is 'Whether its failure only warns.';
comment on column reprise_api.tasks.allow_warning is 'Whether its warning counts as success.';
comment on column reprise_api.tasks.definition is 'Its properties as written, without the tasks inside it.';
comment on column reprise_api.tasks.retry is 'The retry that holds for it: its own, else that of the nearest block, else the flow''s.';
