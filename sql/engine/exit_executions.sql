create or replace function reprise_engine.exit_executions(task_run_ids bigint[])
returns bigint[]
language plpgsql volatile
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
declare
  v_exit record;
begin
  -- The first of an execution counts, should two of it come at once.
  for v_exit in
    select distinct on (r.execution_id) r.id, (a.outputs ->> 'exit')::reprise.execution_state as state
    from reprise.task_runs as r
    join reprise.attempts as a on a.task_run_id = r.id and a.number = r.attempt_number
    where r.id = any (exit_executions.task_run_ids) and a.outputs ? 'exit'
    order by r.execution_id, r.id
  loop
    perform reprise_engine.end_around(array[v_exit.id], v_exit.state);
  end loop;

  -- That is no output.
  update reprise.attempts as a
  set outputs = null
  from reprise.task_runs as r
  where r.id = any (exit_executions.task_run_ids) and a.task_run_id = r.id and a.number = r.attempt_number and a.outputs ? 'exit';
  return array(
    select r.id from reprise.task_runs as r where r.id = any (exit_executions.task_run_ids) and r.ended_at is null
  );
end;
$$;

comment on function reprise_engine.exit_executions is
  'Of attempts that have found out what comes next, some say that their execution ends here: it does, with the blocks around them. Returns '
  'the others. The caller holds the locks of their executions.';
