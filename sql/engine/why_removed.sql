create or replace function reprise_engine.why_removed(original reprise.executions, target_revision integer, task_id text)
returns text
language sql stable
set search_path = ''
as $$
  select case
    when exists (
      select
      from reprise_engine.tasks_of(original.namespace, original.flow_id, why_removed.target_revision) as t
      where t.task_id = why_removed.task_id and t.is_disabled
    ) then 'disabled'
    else 'removed'
  end;
$$;

comment on function reprise_engine.why_removed is 'Whether what an original ran is disabled in the target revision of its replay, or not there.';
