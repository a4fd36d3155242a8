create or replace function reprise_engine.resubmit_attempts(attempt_ids bigint[])
returns void
language plpgsql volatile
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set enable_nestloop = off
as $$
declare
  v_now timestamptz := reprise_engine.clock();
  v_executions uuid[];
  v_attempts bigint[];
  v_changed record;
begin
  -- Lock.
  select array_agg(locked.id) into v_executions
  from (
    select e.id
    from reprise.executions as e
    where e.id = any (array(
      select r.execution_id
      from reprise.attempts as a
      cross join lateral (select r.execution_id from reprise.task_runs as r where r.id = a.task_run_id offset 0) as r
      where a.id = any (resubmit_attempts.attempt_ids) and a.state = 'RUNNING'
    ))
    order by e.id
    for no key update
  ) as locked;

  v_attempts := reprise_engine.with_children(resubmit_attempts.attempt_ids);

  -- Change: the attempt is lost and takes no try; its task run waits again, unless it keeps killing its workers.
  with judged as materialized (
    select * from reprise_engine.judge_lost(v_attempts)
  ), lost as (
    update reprise.attempts as a
    set
      state = 'RESUBMITTED', ended_at = v_now, progress = null, progress_note = null,
      error = case judged.worker_state
        when 'LOST' then '{"reason": "worker_lost", "message": "The worker that ran this attempt was lost."}'
        when 'STOPPED' then '{"reason": "worker_stopped", "message": "The worker that ran this attempt was stopped."}'
        else '{"reason": "worker_unaware", "message": "The worker of this attempt never heard that it had begun."}'
      end::jsonb
    from judged
    where a.id = any (array(select j.attempt_id from judged as j)) and a.id = judged.attempt_id and a.state = 'RUNNING'
    returning judged.*
  ), changed as (
    update reprise.task_runs as r
    set state = lost.state, try = r.try - 1, ended_at = case when lost.state <> 'CREATED' then v_now end
    from lost
    where r.id = any (array(select l.task_run_id from lost as l)) and r.id = lost.task_run_id
    returning r.id, r.state, lost.attempt_id, lost.has_children, lost.is_child
  )
  select
    coalesce(array_agg(changed.id) filter (where changed.state = 'CREATED' and not changed.is_child), '{}') as waiting,
    coalesce(array_agg(changed.id) filter (where changed.state <> 'CREATED'), '{}') as ended,
    array_agg(changed.id) filter (where changed.state = 'CREATED' and changed.has_children) as blocks,
    array_agg(changed.attempt_id) as attempts,
    array_agg(changed.attempt_id) filter (where changed.state = 'FAILED') as quarantined
  into v_changed
  from changed;

  -- Consequence: what they stored goes, the work is offered again.
  if v_changed.blocks is not null then
    perform reprise_engine.reset_children(v_changed.blocks, 'CREATED');
  end if;
  delete from reprise.files as f where f.attempt_id = any (v_changed.attempts);
  update reprise.attempts as a
  set error = jsonb_build_object(
    'reason', 'worker_lost_repeatedly',
    'message', 'Every worker that ran this task was lost: it was tried three times, and is not tried again.'
  )
  where a.id = any (v_changed.quarantined);
  perform reprise_engine.enqueue_task_runs(
    v_changed.waiting || reprise_engine.open_tasks(reprise_engine.advance(v_changed.ended))
  );

  -- Notify.
  perform reprise_engine.notify_executions(v_executions);
end;
$$;

comment on function reprise_engine.resubmit_attempts is
  'Takes running attempts from their workers: each becomes RESUBMITTED, takes no try, and its task run waits again, unless it keeps '
  'killing its workers.';
