create or replace function reprise_engine.exit_executions(task_run_ids bigint[], out opened bigint[], out ended bigint[])
language plpgsql volatile
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
declare
  v_exits bigint[];
  v_exit record;
begin
  select coalesce(array_agg(r.id), '{}') into v_exits
  from unnest(exit_executions.task_run_ids) as given (id)
  cross join lateral (select r.id, r.attempt_number from reprise.task_runs as r where r.id = given.id offset 0) as r
  cross join lateral (
    select from reprise.attempts as a where a.task_run_id = r.id and a.number = r.attempt_number and a.outputs -> 'exit' is not null offset 0
  ) as a;

  select reprise_engine.end_after(array_agg(r.id), array_agg((a.outputs ->> 'exit')::reprise.task_run_state)) into ended
  from reprise.task_runs as r
  join reprise.attempts as a on a.task_run_id = r.id and a.number = r.attempt_number
  where r.id = any (v_exits);
  ended := coalesce(ended, '{}');

  -- The first of an execution counts, should two of it come at once.
  for v_exit in
    select distinct on (r.execution_id) r.id, (a.outputs ->> 'exit')::reprise.execution_state as state
    from reprise.task_runs as r
    join reprise.attempts as a on a.task_run_id = r.id and a.number = r.attempt_number
    where r.id = any (v_exits) and r.id <> all (ended)
    order by r.execution_id, r.id
  loop
    if v_exit.state = 'KILLED' then
      perform reprise_engine.end_around(array[v_exit.id], v_exit.state);
    else
      perform reprise_engine.exit_around(v_exit.id, v_exit.state);
    end if;
  end loop;

  -- That is no output, and the attempt ends as the Exit does.
  update reprise.attempts as a
  set
    outputs = null, ended_at = coalesce(r.ended_at, a.ended_at),
    state = case when r.ended_at is null then a.state else r.state::text::reprise.attempt_state end
  from reprise.task_runs as r
  where r.id = any (v_exits) and a.task_run_id = r.id and a.number = r.attempt_number;
  opened := array(
    select r.id
    from reprise.task_runs as r
    cross join lateral (select from reprise.executions as e where e.id = r.execution_id and not e.is_ending offset 0) as e
    where r.id = any (exit_executions.task_run_ids) and r.id <> all (v_exits) and r.ended_at is null
  );
end;
$$;

comment on function reprise_engine.exit_executions is
  'Of attempts that have found out what comes next, some say that their execution ends here: it does, with the blocks around them. Returns '
  'the others, as far as their executions go on, and those that are themselves all that has ended. The caller holds the locks of their executions.';
