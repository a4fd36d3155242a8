create or replace function reprise_engine.stop_at_breakpoints(task_run_ids bigint[])
returns bigint[]
language plpgsql volatile
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
declare
  v_stopped record;
begin
  with stopped as (
    update reprise.task_runs as r
    set
      state = 'BREAKPOINT',
      -- A block that needs no worker runs already, and is held before its first attempt like the others.
      attempt_number = r.attempt_number - (r.state = 'RUNNING')::integer
    where r.id = any (array(
      select r.id
      from unnest(stop_at_breakpoints.task_run_ids) as given (id)
      cross join lateral (
        select r.id, r.execution_id, r.task_key, r.iteration_path from reprise.task_runs as r where r.id = given.id offset 0
      ) as r
      cross join lateral (
        select e.breakpoints from reprise.executions as e where e.id = r.execution_id and e.ended_at is null offset 0
      ) as e
      cross join lateral (select t.id from reprise.tasks as t where t.key = r.task_key offset 0) as t
      where exists (
        select
        from jsonb_array_elements(e.breakpoints) as b (breakpoint)
        where b.breakpoint ->> 'taskId' = t.id
          -- The values of the innermost loops are enough.
          and (
            b.breakpoint -> 'path' = 'null'
            or b.breakpoint -> 'path'
              = to_jsonb(r.iteration_path[cardinality(r.iteration_path) - jsonb_array_length(nullif(b.breakpoint -> 'path', 'null')) + 1:])
          )
      )
    ))
    returning r.id, r.execution_id
  )
  select coalesce(array_agg(s.id), '{}') as ids, array_agg(distinct s.execution_id) as executions into v_stopped from stopped as s;

  if v_stopped.executions is not null then
    perform reprise_engine.pause_executions(v_stopped.executions, 'BREAKPOINT');
    update reprise.executions as e set is_held = true where e.id = any (v_stopped.executions);
  end if;
  return array(
    select given.id from unnest(stop_at_breakpoints.task_run_ids) as given (id) where not given.id = any (v_stopped.ids)
  );
end;
$$;

comment on function reprise_engine.stop_at_breakpoints is
  'Of task runs that are just being opened, or come to again, those at a breakpoint stop there, and their executions with them: nothing begins in these until '
  'somebody resumes them. Returns the others. The caller holds the locks of their executions.';
