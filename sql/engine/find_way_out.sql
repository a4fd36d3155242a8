create or replace function reprise_engine.find_way_out(task_run_id bigint, leave_key integer)
returns integer
language sql stable
set search_path = ''
as $$
  select t.key
  from (select t.key, t.kind, t.parent_key from reprise.tasks as t where t.key = find_way_out.leave_key offset 0) as t
  where t.kind <> 'LOOP_OUTPUTS'
    or (select reprise_engine.tolerated_in(b.type, b.definition) = 'KILLED' from reprise.tasks as b where b.key = t.parent_key)
    or not exists (
      select
      from (select r.execution_id, r.iteration_path from reprise.task_runs as r where r.id = find_way_out.task_run_id offset 0) as here
      cross join lateral (
        select i.key from reprise.tasks as i where i.parent_key = t.parent_key and i.branch = 'tasks' and not i.is_disabled offset 0
      ) as i
      cross join lateral (
        select r.state from reprise_engine.find_task_run(here.execution_id, i.key, here.iteration_path) as r offset 0
      ) as r
      where r.state in ('FAILED', 'KILLED')
    );
$$;

comment on function reprise_engine.find_way_out is
  'Where a list of handlers of an iteration leads that this task run ends. One that has failed, or was killed beside a failure, and that ends its Loop so, has no outputs to give.';
