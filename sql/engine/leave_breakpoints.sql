create or replace function reprise_engine.leave_breakpoints(execution_id uuid)
returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_blocks bigint[];
begin
  with left_behind as (
    update reprise.task_runs as r
    set
      state = case when t.is_inline then 'RUNNING' else 'CREATED' end::reprise.task_run_state,
      attempt_number = r.attempt_number + t.is_inline::integer
    from reprise.tasks as t
    where r.execution_id = leave_breakpoints.execution_id and r.state = 'BREAKPOINT' and t.key = r.task_key
    returning r.id, t.is_inline
  )
  select coalesce(array_agg(l.id) filter (where l.is_inline), '{}') into v_blocks from left_behind as l;

  perform reprise_engine.enqueue_task_runs(reprise_engine.open_tasks(reprise_engine.advance('{}', blocks => v_blocks)))
  where v_blocks <> '{}';
end;
$$;

comment on function reprise_engine.leave_breakpoints is
  'What stands at a breakpoint goes on: tasks wait for a worker, blocks open. The caller holds the lock of the execution.';
