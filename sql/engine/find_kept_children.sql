create or replace function reprise_engine.find_kept_children(requests reprise.subflow_request[])
returns reprise.kept_child[]
language sql stable
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
  select coalesce(array_agg(row(
    r.task_run_id, s.iteration, s.execution_id, c.attempt_number, c.state, c.ended_at is not null and not c.is_finishing and c.state <> 'RETRIED'
  )::reprise.kept_child), '{}')
  from unnest(find_kept_children.requests) as r
  cross join lateral (
    select s.iteration, s.execution_id
    from reprise.subflows as s
    where s.task_run_id = r.task_run_id and s.attempt_number = r.kept_attempt_number and s.child_attempt_number > 0
    offset 0
  ) as s
  cross join lateral (
    select c.attempt_number, c.state, c.ended_at, c.is_finishing
    from reprise.executions as c
    where c.id = s.execution_id and c.purged_at is null
    offset 0
  ) as c;
$$;

comment on function reprise_engine.find_kept_children is
  'The children that Subflows go on with behind a restart. What has been purged is not there any more, and is started anew; so is '
  'what was given up.';
