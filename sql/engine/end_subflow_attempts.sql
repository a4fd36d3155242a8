create or replace function reprise_engine.end_subflow_attempts(
  task_run_ids bigint[],
  outcomes reprise.task_run_state[],
  outputs json[],
  errors jsonb[],
  out ended bigint[],
  out retrying bigint[]
)
language plpgsql volatile
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set enable_nestloop = off
as $$
#variable_conflict use_column
declare
  v_now timestamptz := reprise_engine.clock();
  v_attempts bigint[];
  v_outputs json[];
  v_retried bigint[];
  v_retry_ats timestamptz[];
begin
  with given as materialized (
    select g.task_run_id, g.outcome, g.outputs, g.error, a.id as attempt_id, a.try, r.execution_id, r.task_key
    from unnest(end_subflow_attempts.task_run_ids, end_subflow_attempts.outcomes, end_subflow_attempts.outputs, end_subflow_attempts.errors)
      as g (task_run_id, outcome, outputs, error)
    cross join lateral (
      select r.id, r.execution_id, r.task_key, r.attempt_number from reprise.task_runs as r where r.id = g.task_run_id offset 0
    ) as r
    cross join lateral (
      select a.id, a.try from reprise.attempts as a where a.task_run_id = r.id and a.number = r.attempt_number offset 0
    ) as a
  ), shown as (
    update reprise.attempts as a
    set state = given.outcome::text::reprise.attempt_state, ended_at = v_now, outputs = given.outputs, error = given.error
    from given
    where a.id = any (array(select g.attempt_id from given as g)) and a.id = given.attempt_id
  ), changed as (
    update reprise.task_runs as r
    set
      state = judged.state, retry_at = case when judged.state = 'RETRYING' then judged.retry_at end,
      ended_at = case when judged.state <> 'RETRYING' then v_now end
    from (
      select
        given.task_run_id, judgement.retry_at,
        case when given.outcome = 'SUCCESS' and given.try <= 1 then 'SUCCESS' else judgement.state end as state
      from given
      cross join lateral (select e.state, e.is_ending from reprise.executions as e where e.id = given.execution_id offset 0) as e
      cross join lateral (select t as task from reprise.tasks as t where t.key = given.task_key offset 0) as t
      cross join lateral reprise_engine.judge_outcome(t.task, given.outcome, given.task_run_id, given.try, e.state, e.is_ending, v_now) as judgement
    ) as judged
    where r.id = any (end_subflow_attempts.task_run_ids) and r.id = judged.task_run_id
    returning r.id, r.state, judged.retry_at
  )
  select
    array(select c.id from changed as c where c.state <> 'RETRYING'),
    array(select c.id from changed as c where c.state = 'RETRYING'),
    array(select g.attempt_id from given as g where g.outputs is not null),
    array(select g.outputs from given as g where g.outputs is not null),
    array(select c.id from changed as c where c.state = 'RETRIED' order by c.id),
    array(select c.retry_at from changed as c where c.state = 'RETRIED' order by c.id)
  into ended, retrying, v_attempts, v_outputs, v_retried, v_retry_ats;

  if v_attempts <> '{}' then
    perform reprise_engine.reference_files(v_attempts, v_outputs);
  end if;
  if v_retried <> '{}' then
    perform reprise_engine.end_retried(v_retried, v_retry_ats);
    ended := reprise_engine.keep_going(ended, v_retried);
    retrying := reprise_engine.keep_going(retrying, v_retried);
  end if;
end;
$$;

comment on function reprise_engine.end_subflow_attempts is
  'Writes down how Subflow task runs have ended, and those that have asked the engine for something, with their attempts, or that they try '
  'again; returns both. The caller holds the locks of '
  'their executions.';
