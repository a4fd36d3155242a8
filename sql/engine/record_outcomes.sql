create or replace function reprise_engine.record_outcomes(
  worker_id integer,
  attempt_ids bigint[],
  outcomes reprise.task_run_state[],
  outputs json[],
  errors jsonb[],
  out ended bigint[],
  out retrying bigint[],
  out opened bigint[],
  out subflows bigint[],
  out failed_blocks bigint[]
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
  v_discarded bigint[];
  v_retried bigint[];
  v_retry_ats timestamptz[];
  v_unanswered bigint[];
begin
  with done as (
    update reprise.attempts as a
    set
      state = case when given.state in ('SKIPPED', 'RUNNING') then 'SUCCESS' else given.state::text::reprise.attempt_state end,
      ended_at = v_now, outputs = given.outputs, error = given.error, progress = null, progress_note = null
    from unnest(record_outcomes.attempt_ids, record_outcomes.outcomes, record_outcomes.outputs, record_outcomes.errors)
      as given (attempt_id, state, outputs, error)
    where a.id = any (record_outcomes.attempt_ids) and a.id = given.attempt_id
      and a.ended_at is null and a.worker_id = record_outcomes.worker_id
    returning a.id, a.task_run_id, a.try, given.state, given.outputs is not null as has_found
  ), succeeded as (
    update reprise.task_runs as r
    set state = 'SUCCESS', ended_at = v_now
    where r.id = any (array(select d.task_run_id from done as d where d.state = 'SUCCESS' and d.try = 1))
    returning r.id
  ), judged as (
    select
      done.task_run_id, judgement.state, judgement.retry_at,
      -- A block that knows what it would show, and fails all the same, still runs what it has to run finally.
      done.state = 'FAILED' and done.has_found and (t.task).kind in ('SWITCH', 'LOOP_UNTIL') and judgement.retry_at is null and e.state <> 'KILLING'
        and exists (
          select from reprise.tasks as f where f.parent_key = (t.task).key and f.branch = 'finally' and f.lane = 0 offset 0
        ) as goes_on
    from done
    cross join lateral (
      select r.id, r.execution_id, r.task_key from reprise.task_runs as r where r.id = done.task_run_id offset 0
    ) as r
    cross join lateral (select e.state, e.is_ending from reprise.executions as e where e.id = r.execution_id offset 0) as e
    cross join lateral (select t as task from reprise.tasks as t where t.key = r.task_key offset 0) as t
    cross join lateral reprise_engine.judge_outcome(t.task, done.state, r.id, done.try, e.state, e.is_ending, v_now) as judgement
    where done.state not in ('SUCCESS', 'RUNNING') or done.state = 'SUCCESS' and done.try > 1
      or done.state = 'RUNNING' and (e.state = 'KILLING' or e.is_ending and (t.task).kind <> 'WORKING_DIRECTORY')
  ), changed as (
    update reprise.task_runs as r
    set
      state = judged.state,
      retry_at = case when judged.state = 'RETRYING' then judged.retry_at end,
      ended_at = case when judged.state <> 'RETRYING' then v_now end
    from judged
    where r.id = any (array(select j.task_run_id from judged as j where not j.goes_on)) and r.id = judged.task_run_id
    returning r.id, r.state, judged.retry_at
  ), going_on as materialized (
    -- Their attempts have only found out what to run, or what to start and wait for.
    select d.task_run_id as id, t.kind
    from done as d
    cross join lateral (select r.task_key from reprise.task_runs as r where r.id = d.task_run_id offset 0) as r
    cross join lateral (select t.kind from reprise.tasks as t where t.key = r.task_key offset 0) as t
    where d.state = 'RUNNING' and d.task_run_id not in (select c.id from changed as c)
  )
  select
    array(select s.id from succeeded as s) || array(select c.id from changed as c where c.state <> 'RETRYING'),
    array(select c.id from changed as c where c.state = 'RETRYING'),
    array(select g.id from going_on as g where g.kind <> 'SUBFLOW'),
    array(select g.id from going_on as g where g.kind = 'SUBFLOW'),
    array(select j.task_run_id from judged as j where j.goes_on),
    array(select d.id from done as d where d.state in ('FAILED', 'KILLED', 'SKIPPED')),
    array(select c.id from changed as c where c.state = 'RETRIED' order by c.id),
    array(select c.retry_at from changed as c where c.state = 'RETRIED' order by c.id),
    array(select d.task_run_id from done as d where d.state = 'RUNNING' and d.task_run_id in (select c.id from changed as c))
  into ended, retrying, opened, subflows, failed_blocks, v_discarded, v_retried, v_retry_ats, v_unanswered;

  if v_discarded <> '{}' then
    perform reprise_engine.discard_attempts(v_discarded);
  end if;
  if v_unanswered <> '{}' then
    perform reprise_engine.forget_answers(v_unanswered);
  end if;
  perform reprise_engine.reference_files(record_outcomes.attempt_ids, record_outcomes.outputs);
  if v_retried <> '{}' then
    -- What is left of their executions does not go on.
    perform reprise_engine.end_retried(v_retried, v_retry_ats);
    ended := reprise_engine.keep_going(ended, v_retried);
    retrying := reprise_engine.keep_going(retrying, v_retried);
    opened := reprise_engine.keep_going(opened, v_retried);
    subflows := reprise_engine.keep_going(subflows, v_retried);
    failed_blocks := reprise_engine.keep_going(failed_blocks, v_retried);
  end if;
end;
$$;

comment on function reprise_engine.record_outcomes is
  'Writes down how attempts ended and what that makes of their task runs; returns those that ended, those that will be retried, '
  'the blocks that are to open, the Subflows that are to start something, and blocks that failed by themselves and have something to run finally. '
  'The caller holds the locks of their executions.';
