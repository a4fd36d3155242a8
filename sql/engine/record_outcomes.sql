create or replace function reprise_engine.record_outcomes(
  worker_id integer,
  attempt_ids bigint[],
  outcomes reprise.task_run_state[],
  outputs jsonb[],
  errors jsonb[],
  out ended bigint[],
  out retrying bigint[]
)
language plpgsql volatile
set search_path = ''
set enable_seqscan = off
set enable_hashjoin = off
set enable_mergejoin = off
as $$
#variable_conflict use_column
declare
  v_now timestamptz := reprise_engine.clock();
  v_without_outputs bigint[];
begin
  with given as (
    select o.attempt_id, o.state, o.outputs, o.error
    from unnest(record_outcomes.attempt_ids, record_outcomes.outcomes, record_outcomes.outputs, record_outcomes.errors)
      as o (attempt_id, state, outputs, error)
  ), done as (
    update reprise.attempts as a
    set
      state = case given.state when 'SKIPPED' then 'SUCCESS' else given.state::text::reprise.attempt_state end,
      ended_at = v_now,
      outputs = given.outputs,
      error = given.error,
      progress = null,
      progress_note = null
    from given
    where a.id = given.attempt_id and a.state = 'RUNNING' and a.worker_id = record_outcomes.worker_id
    returning a.id, a.task_run_id, a.try, given.state
  ), judged as (
    select
      done.task_run_id,
      done.id as attempt_id,
      done.state as outcome,
      judgement.state,
      judgement.retry_at
    from done
    join reprise.task_runs as r on r.id = done.task_run_id
    join reprise.executions as e on e.id = r.execution_id
    join reprise.tasks as t on t.key = r.task_key
    cross join lateral reprise_engine.judge_outcome(t, done.state, done.task_run_id, done.try, e.state, v_now) as judgement
  ), changed as (
    update reprise.task_runs as r
    set
      state = judged.state,
      retry_at = judged.retry_at,
      ended_at = case when judged.state <> 'RETRYING' then v_now end
    from judged
    where r.id = judged.task_run_id
    returning r.id, r.state, judged.outcome, judged.attempt_id
  )
  select
    coalesce(array_agg(changed.id) filter (where changed.state <> 'RETRYING'), '{}'),
    coalesce(array_agg(changed.id) filter (where changed.state = 'RETRYING'), '{}'),
    array_agg(changed.attempt_id) filter (where changed.outcome in ('FAILED', 'KILLED', 'SKIPPED'))
  into ended, retrying, v_without_outputs
  from changed;

  if v_without_outputs is not null then
    perform reprise_engine.discard_attempts(v_without_outputs);
  end if;

  perform reprise_engine.reference_files(record_outcomes.attempt_ids);
end;
$$;

comment on function reprise_engine.record_outcomes is
  'Writes down how attempts ended and what that makes of their task runs; returns those that ended and those that will be retried. '
  'The caller holds the locks of their executions.';
