create or replace function reprise_engine.disabled_tasks(original reprise.executions, target_revision integer)
returns text[]
language sql stable
set search_path = ''
as $$
  select array(
    select t.task_id
    from reprise_engine.tasks_of(original.namespace, original.flow_id, disabled_tasks.target_revision) as t
    where t.is_disabled
  );
$$;

comment on function reprise_engine.disabled_tasks is 'The tasks that are disabled in the target revision of a replay.';
