create or replace function reprise_engine.tasks_of(namespace text, flow_id text, revision integer)
returns table (task_id text, is_disabled boolean)
language sql stable -- and without settings, so that it is inlined where it is called
as $$
  select t.id, t.is_disabled
  from reprise.tasks as t
  where t.namespace = tasks_of.namespace and t.flow_id = tasks_of.flow_id and t.revision = tasks_of.revision
    and t.kind not in ('DEFAULTS', 'OUTPUTS');
$$;

comment on function reprise_engine.tasks_of is 'The tasks that a revision of a flow has.';
