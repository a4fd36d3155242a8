create or replace function reprise_engine.end_after(task_run_ids bigint[], states reprise.task_run_state[])
returns bigint[]
language sql volatile
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
  with ended as (
    update reprise.task_runs as r
    set state = given.state, ended_at = reprise_engine.clock()
    from unnest(end_after.task_run_ids, end_after.states) as given (id, state)
    where r.id = any (array(
      select r.id
      from unnest(end_after.task_run_ids) as given (id)
      cross join lateral (select r.id, r.execution_id from reprise.task_runs as r where r.id = given.id offset 0) as r
      cross join lateral (select from reprise.executions as e where e.id = r.execution_id and e.ended_at is not null offset 0) as e
    )) and r.id = given.id
    returning r.id
  )
  select coalesce(array_agg(e.id), '{}') from ended as e;
$$;

comment on function reprise_engine.end_after is
  'Those of these Exits and cancelled Pauses that run after their executions end nothing but themselves, in these states, and what they stand in goes '
  'on. Returns them, for the caller to follow.';
