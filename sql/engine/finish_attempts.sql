create or replace function reprise_engine.finish_attempts(
  worker_id integer,
  attempt_ids bigint[],
  outcomes reprise.task_run_state[],
  outputs json[],
  errors jsonb[],
  room integer default 0,
  accepted text[] default '{}'
)
returns setof reprise.begun_attempt
language plpgsql volatile
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
declare
  v_room integer := case when reprise_engine.is_serving(finish_attempts.worker_id) then finish_attempts.room else 0 end;
  v_executions uuid[];
  v_is_held boolean;
  v_asserted uuid[];
  v_recorded record;
  v_has_changes boolean := false;
  v_openings reprise.opening[];
  v_begun bigint[];
begin
  -- Lock.
  select array_agg(locked.id), bool_or(locked.is_held or locked.breakpoints is not null), array_agg(locked.id) filter (where locked.is_asserted)
  into v_executions, v_is_held, v_asserted
  from (
    select e.id, e.is_held, e.breakpoints, e.is_asserted
    from reprise.executions as e
    where e.id = any (array(
      select r.execution_id
      from unnest(finish_attempts.attempt_ids) as given (id)
      cross join lateral (select a.task_run_id from reprise.attempts as a where a.id = given.id offset 0) as a
      cross join lateral (select r.execution_id from reprise.task_runs as r where r.id = a.task_run_id offset 0) as r
    ))
    order by e.id
    for no key update
  ) as locked;

  if v_is_held then
    v_room := 0; -- Nothing begins in what somebody has paused, nor before it is known that no breakpoint is there.
  end if;

  -- Guard and change.
  select * into v_recorded
  from reprise_engine.record_outcomes(
    finish_attempts.worker_id, finish_attempts.attempt_ids, finish_attempts.outcomes, finish_attempts.outputs, finish_attempts.errors
  );

  -- Some that have found out what comes next ask for more than to be opened.
  if v_recorded.opened <> '{}' then
    v_has_changes := exists (
      select
      from unnest(finish_attempts.outcomes, finish_attempts.outputs) as given (outcome, outputs)
      where given.outcome = 'RUNNING' and coalesce(given.outputs -> 'exit', given.outputs -> 'change') is not null
    );
  end if;
  if v_has_changes or v_recorded.subflows <> '{}' then
    select v_recorded.ended || f.ended, v_recorded.retrying || f.retrying, f.going_on into v_recorded.ended, v_recorded.retrying, v_recorded.opened
    from reprise_engine.fulfil_requests(v_recorded.subflows, v_recorded.opened, v_has_changes) as f;
  end if;

  -- Consequence: what comes next begins at once for the worker that reports, as far as it has room and can run it.
  if v_recorded.failed_blocks <> '{}' then
    select f.openings, v_recorded.ended || f.ended into v_openings, v_recorded.ended from reprise_engine.fail_blocks(v_recorded.failed_blocks) as f;
  end if;
  v_openings := reprise_engine.advance(v_recorded.ended, coalesce(v_openings, '{}'), v_recorded.opened);
  v_begun := reprise_engine.begin_next(finish_attempts.worker_id, v_openings, v_recorded.retrying, v_room, finish_attempts.accepted);

  if v_asserted is not null then
    perform reprise_engine.enqueue_assertions(v_asserted);
  end if;

  -- Notify.
  perform reprise_engine.notify_executions(v_executions);

  return query select * from reprise_engine.read_begun(v_begun);
end;
$$;

comment on function reprise_engine.finish_attempts is
  'Takes the results of attempts: records them, opens what comes next, closes executions that are done. A result is taken only for an '
  'attempt that is still RUNNING at this worker; a late or repeated one changes nothing. Returns the next attempts, already begun '
  'for this worker, at most as many as it has room for, and only of the job identifiers it accepts; the others become jobs.';
