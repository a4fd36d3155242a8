create or replace function reprise_engine.change_executions(
  task_run_ids bigint[],
  out ended bigint[],
  out retrying bigint[]
)
language plpgsql volatile
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
declare
  v_change record;
  v_error jsonb;
  v_ids bigint[] := '{}';
  v_outcomes reprise.task_run_state[] := '{}';
  v_errors jsonb[] := '{}';
  v_ended record;
begin
  -- One after the other: each sees what the one before has changed in the same execution.
  for v_change in
    select r.id, r.execution_id, a.id as attempt_id, a.outputs -> 'change' as change
    from unnest(change_executions.task_run_ids) as given (id)
    cross join lateral (
      select r.id, r.execution_id, r.attempt_number from reprise.task_runs as r where r.id = given.id and r.ended_at is null offset 0
    ) as r
    cross join lateral (
      select a.id, a.outputs from reprise.attempts as a where a.task_run_id = r.id and a.number = r.attempt_number offset 0
    ) as a
    where a.outputs -> 'change' is not null
    order by r.execution_id, r.id
  loop
    v_error := reprise_engine.change_execution(v_change.execution_id, v_change.attempt_id, v_change.change);
    if v_error is not null then
      insert into reprise.logs (logged_at, execution_id, task_run_id, attempt_id, level, message)
      values (reprise_engine.clock(), v_change.execution_id, v_change.id, v_change.attempt_id, 'ERROR', v_error ->> 'message');
    end if;
    v_ids := v_ids || v_change.id;
    v_outcomes := v_outcomes || case when v_error is null then 'SUCCESS' else 'FAILED' end::reprise.task_run_state;
    v_errors := array_append(v_errors, v_error);
  end loop;

  select * into v_ended
  from reprise_engine.end_subflow_attempts(v_ids, v_outcomes, array_fill(null::json, array[cardinality(v_ids)]), v_errors);
  ended := v_ended.ended;
  retrying := v_ended.retrying;
end;
$$;

comment on function reprise_engine.change_executions is
  'Of attempts that have found out what comes next, some ask for a change of their execution, of its labels or variables: makes it, and ends '
  'their task runs, those first that were reached first. Returns those that have ended and those that try again. The caller holds the locks of their executions.';
