create or replace function reprise_engine.next_in_branch(execution_id uuid, task_key integer)
returns table (task_key integer, task_run_id bigint, state reprise.task_run_state)
language sql stable
set search_path = ''
as $$
  select next.key, r.id, r.state
  from reprise.tasks as here
  join reprise.tasks as next
    on next.namespace = here.namespace and next.flow_id = here.flow_id and next.revision = here.revision
    and next.parent_key is not distinct from here.parent_key and next.branch = here.branch
    and next.position > here.position and not next.is_disabled
  left join reprise.task_runs as r
    on r.execution_id = next_in_branch.execution_id and r.task_key = next.key and r.iteration_path is null
  where here.key = next_in_branch.task_key
    and (r.state is null or r.state not in ('SUCCESS', 'WARNING', 'SKIPPED'))
  order by next.position
  limit 1;
$$;

comment on function reprise_engine.next_in_branch is
  'The first task behind another in its list that has not yet passed in this execution: what a replay comes to when it steps over '
  'what it carries.';
