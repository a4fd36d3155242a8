create or replace function reprise_engine.exit_around(task_run_id bigint, state reprise.execution_state)
returns void
language plpgsql volatile
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
declare
  v_now timestamptz := reprise_engine.clock();
  v_execution uuid;
  v_stopped bigint[];
begin
  update reprise.task_runs as r
  set state = exit_around.state::text::reprise.task_run_state, ended_at = v_now
  where r.id = any (reprise_engine.with_around(array[exit_around.task_run_id]));

  -- One that runs after its execution has ended, or while it is being killed, changes nothing about that.
  update reprise.executions as e
  set verdict = exit_around.state, is_ending = true, exited_by = exit_around.task_run_id, is_held = false
  where e.id = (select r.execution_id from reprise.task_runs as r where r.id = exit_around.task_run_id)
    and e.ended_at is null and e.state <> 'KILLING' and not e.is_ending
  returning e.id into v_execution;
  if not found then
    return;
  end if;

  -- What runs goes on to its end, and so does what a worker is yet to take; all else was stopped for it, the blocks around those too.
  with stopped as (
    update reprise.task_runs as r
    set state = 'KILLED', ended_at = v_now, retry_at = null, is_put_off = null
    where r.id = any (array(
      select r.id
      from (select * from reprise.task_runs as r where r.execution_id = v_execution and r.ended_at is null offset 0) as r
      cross join lateral (select t.kind, t.branch, t.parent_key from reprise.tasks as t where t.key = r.task_key offset 0) as t
      left join lateral (select around.kind from reprise.tasks as around where around.key = t.parent_key offset 0) as around on true
      where not (
        r.state in ('CREATED', 'RESTARTED') and t.kind in ('RUNNABLE', 'WORKING_DIRECTORY') and r.is_put_off is null
        or r.state = 'RUNNING' and t.kind = 'SUBFLOW'
        or r.state = 'RUNNING' and exists (
          select from reprise.attempts as a where a.task_run_id = r.id and a.number = r.attempt_number and a.ended_at is null offset 0
        )
        -- That is its worker's.
        or around.kind is not distinct from 'WORKING_DIRECTORY' and t.branch = 'tasks'
      )
    ))
    returning r.id
  )
  select coalesce(array_agg(s.id), '{}') into v_stopped from stopped as s;
  update reprise.blocks as b set wave = null, is_stopped = true where b.task_run_id = any (v_stopped) and b.wave is not null;
  perform reprise_engine.unpause_executions(array[v_execution]);
  perform reprise_engine.close_killed(array[v_execution]);
end;
$$;

comment on function reprise_engine.exit_around is
  'An Exit ends its execution in this state, with itself and the blocks around it: at once, or as soon as what runs beside it has come to its '
  'end. Nothing begins any more. The caller holds its lock.';
