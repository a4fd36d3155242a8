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

  -- Change: the attempt is lost and takes no try; its task run waits again, unless it keeps killing its workers. What runs in a
  -- WorkingDirectory shares the fate of that.
  with lost as (
    update reprise.attempts as a
    set
      state = 'RESUBMITTED', ended_at = v_now, progress = null, progress_note = null,
      error = case w.state
        when 'LOST' then '{"reason": "worker_lost", "message": "The worker that ran this attempt was lost."}'
        when 'STOPPED' then '{"reason": "worker_stopped", "message": "The worker that ran this attempt was stopped."}'
        else '{"reason": "worker_unaware", "message": "The worker of this attempt never heard that it had begun."}'
      end::jsonb
    from reprise.workers as w
    where a.id = any (v_attempts) and a.state = 'RUNNING' and w.id = a.worker_id
    returning a.id, a.task_run_id, w.state as worker_state
  ), judged as (
    select
      lost.id as attempt_id,
      r.id,
      t.kind = 'WORKING_DIRECTORY' as has_children,
      block.id is not null as is_child,
      case
        when e.state = 'KILLING' then 'KILLED'
        when lost.worker_state = 'LOST'
          and reprise_engine.is_quarantined(coalesce(block.id, r.id), coalesce(block.attempt_number, r.attempt_number)) then 'FAILED'
        else 'CREATED'
      end::reprise.task_run_state as state
    from lost
    cross join lateral (
      select r.id, r.execution_id, r.task_key, r.parent_id, r.attempt_number from reprise.task_runs as r where r.id = lost.task_run_id offset 0
    ) as r
    cross join lateral (select e.state from reprise.executions as e where e.id = r.execution_id offset 0) as e
    cross join lateral (select t.kind, t.branch from reprise.tasks as t where t.key = r.task_key offset 0) as t
    left join lateral (
      select b.id, b.attempt_number
      from reprise.task_runs as b
      cross join lateral (select around.kind from reprise.tasks as around where around.key = b.task_key offset 0) as around
      where b.id = r.parent_id and around.kind = 'WORKING_DIRECTORY' and t.branch = 'tasks'
      offset 0
    ) as block on true
  ), changed as (
    update reprise.task_runs as r
    set state = judged.state, try = r.try - 1, ended_at = case when judged.state <> 'CREATED' then v_now end
    from judged
    where r.id = any (array(select j.id from judged as j)) and r.id = judged.id
    returning r.id, r.state, judged.attempt_id, judged.has_children, judged.is_child
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
