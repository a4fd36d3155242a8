create or replace function reprise_engine.with_children(attempt_ids bigint[])
returns bigint[]
language sql stable
set search_path = ''
as $$
  with given as materialized (
    select a.id, r.id as task_run_id, r.parent_id, t.kind, around.kind as around_kind, t.branch
    from reprise.attempts as a
    join reprise.task_runs as r on r.id = a.task_run_id
    join reprise.tasks as t on t.key = r.task_key
    left join reprise.tasks as around on around.key = t.parent_key
    where a.id = any (with_children.attempt_ids)
  ), block as (
    select g.task_run_id as id from given as g where g.kind = 'WORKING_DIRECTORY'
    union
    select g.parent_id from given as g where g.around_kind = 'WORKING_DIRECTORY' and g.branch = 'tasks'
  )
  select array(
    select g.id from given as g
    union
    select a.id
    from block as b
    join reprise.task_runs as r on r.id = b.id
    join reprise.attempts as a on a.task_run_id = r.id and a.number = r.attempt_number and a.state = 'RUNNING'
    union
    select a.id
    from block as b
    join reprise.task_runs as r on r.parent_id = b.id and r.state = 'RUNNING'
    join reprise.tasks as t on t.key = r.task_key and t.branch = 'tasks'
    join reprise.attempts as a on a.task_run_id = r.id and a.number = r.attempt_number and a.state = 'RUNNING'
  );
$$;

comment on function reprise_engine.with_children is
  'These attempts, and with one of a WorkingDirectory or in one both that of the block and that in it: neither runs without the other.';
