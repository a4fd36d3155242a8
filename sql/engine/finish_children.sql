create or replace function reprise_engine.finish_children(
  worker_id integer,
  attempt_ids bigint[],
  outcomes reprise.task_run_state[],
  outputs json[],
  errors jsonb[],
  out attempt_id bigint,
  out state reprise.task_run_state,
  out wait_ms double precision
)
returns setof record
language plpgsql volatile
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
#variable_conflict use_column
declare
  v_now timestamptz := reprise_engine.clock();
  v_executions uuid[];
begin
  -- Lock.
  v_executions := reprise_engine.lock_attempts(finish_children.attempt_ids);

  -- Guard and change. What follows is the worker's to do, and the block's to learn when it ends.
  perform reprise_engine.record_outcomes(
    finish_children.worker_id, finish_children.attempt_ids, finish_children.outcomes, finish_children.outputs, finish_children.errors
  );

  -- Notify.
  perform reprise_engine.notify_executions(v_executions);

  return query
  select a.id, r.state, greatest(extract(epoch from r.retry_at - v_now) * 1000, 0)::double precision
  from unnest(finish_children.attempt_ids) as given (id)
  cross join lateral (
    select a.id, a.task_run_id, a.number
    from reprise.attempts as a
    where a.id = given.id and a.worker_id = finish_children.worker_id and a.state not in ('RUNNING', 'RESUBMITTED')
    offset 0
  ) as a
  cross join lateral (
    select r.state, r.retry_at
    from reprise.task_runs as r
    where r.id = a.task_run_id and r.attempt_number = a.number and r.state not in ('CREATED', 'RESTARTED', 'RUNNING')
    offset 0
  ) as r;
end;
$$;

comment on function reprise_engine.finish_children is
  'Takes the results of attempts in WorkingDirectories, as finish_attempts does, and says what they make of their task runs: how these '
  'ended, or how long to wait for the next try, which the same worker makes. An attempt that it does not hold any more gets no answer.';
