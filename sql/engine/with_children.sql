create or replace function reprise_engine.with_children(attempt_ids bigint[])
returns bigint[]
language sql stable
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set enable_nestloop = on -- whoever calls it may have none, and would have a few rows looked for in a whole index
as $$
  with given as materialized (
    select a.id, r.id as task_run_id, r.parent_id, t.kind, around.kind as around_kind, t.branch
    from unnest(with_children.attempt_ids) as g (id)
    cross join lateral (select a.id, a.task_run_id from reprise.attempts as a where a.id = g.id offset 0) as a
    cross join lateral (select r.id, r.parent_id, r.task_key from reprise.task_runs as r where r.id = a.task_run_id offset 0) as r
    cross join lateral (select t.kind, t.branch, t.parent_key from reprise.tasks as t where t.key = r.task_key offset 0) as t
    left join lateral (select around.kind from reprise.tasks as around where around.key = t.parent_key offset 0) as around on true
  ), block as (
    select g.task_run_id as id from given as g where g.kind = 'WORKING_DIRECTORY'
    union
    select g.parent_id from given as g where g.around_kind = 'WORKING_DIRECTORY' and g.branch = 'tasks'
  ), stopped as (
    select r.id, r.attempt_number
    from block as b
    cross join lateral (select r.id, r.attempt_number from reprise.task_runs as r where r.id = b.id offset 0) as r
    union all
    select r.id, r.attempt_number
    from block as b
    cross join lateral (
      select r.id, r.attempt_number, r.task_key from reprise.task_runs as r where r.parent_id = b.id and r.state = 'RUNNING' offset 0
    ) as r
    cross join lateral (select from reprise.tasks as t where t.key = r.task_key and t.branch = 'tasks' offset 0) as t
  )
  select array(
    select g.id from given as g
    union
    select a.id
    from stopped as s
    cross join lateral (
      select a.id from reprise.attempts as a where a.task_run_id = s.id and a.number = s.attempt_number and a.state = 'RUNNING' offset 0
    ) as a
  );
$$;

comment on function reprise_engine.with_children is
  'These attempts, and with one of a WorkingDirectory or in one both that of the block and that in it: neither runs without the other.';
