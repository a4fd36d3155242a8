create or replace function reprise_engine.finish_attempts(
  worker_id integer,
  attempt_ids bigint[],
  outcomes reprise.task_run_state[],
  outputs jsonb[],
  errors jsonb[],
  room integer default 0,
  accepted text[] default '{}'
)
returns setof reprise.begun_attempt
language plpgsql volatile
set search_path = ''
set enable_seqscan = off
set enable_hashjoin = off
set enable_mergejoin = off
as $$
declare
  v_executions uuid[];
  v_ended bigint[];
  v_retrying bigint[];
  v_opened bigint[];
  v_mine bigint[];
begin
  -- Lock.
  select array_agg(locked.id) into v_executions
  from (
    select e.id
    from reprise.executions as e
    where e.id in (
      select r.execution_id
      from reprise.attempts as a
      join reprise.task_runs as r on r.id = a.task_run_id
      where a.id = any (finish_attempts.attempt_ids)
    )
    order by e.id
    for no key update
  ) as locked;

  -- Guard and change.
  select recorded.ended, recorded.retrying into v_ended, v_retrying
  from reprise_engine.record_outcomes(
    finish_attempts.worker_id, finish_attempts.attempt_ids, finish_attempts.outcomes, finish_attempts.outputs, finish_attempts.errors
  ) as recorded;

  -- Consequence: what comes next begins at once for the worker that reports, as far as it has room and can run it.
  v_opened := reprise_engine.advance(v_ended);

  select array_agg(candidate.id) into v_mine
  from (
    select r.id
    from unnest(v_opened) as opened (id)
    join reprise.task_runs as r on r.id = opened.id
    join reprise.tasks as t on t.key = r.task_key
    where t.job_identifier = any (finish_attempts.accepted)
    order by r.id
    limit finish_attempts.room
  ) as candidate;

  perform reprise_engine.enqueue_task_runs(
    v_retrying || array(select unnest(v_opened) except select unnest(v_mine))
  );

  -- Notify.
  perform reprise_engine.notify_executions(v_executions);

  if v_mine is not null then
    return query select * from reprise_engine.begin_attempts(finish_attempts.worker_id, v_mine);
  end if;
end;
$$;

comment on function reprise_engine.finish_attempts is
  'Takes the results of attempts: records them, opens what comes next, closes executions that are done. A result is taken only for an '
  'attempt that is still RUNNING at this worker; a late or repeated one changes nothing. Returns the next attempts, already begun '
  'for this worker, at most as many as it has room for, and only of the job identifiers it accepts; the others become jobs.';
