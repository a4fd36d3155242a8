create or replace function reprise_api.restart_execution(execution_id uuid, actor text default null)
returns reprise.executions
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_execution reprise.executions := reprise_engine.lock_execution(execution_id);
  v_restarted bigint[];
begin
  if v_execution.ended_at is null then
    raise exception 'Execution % is %, and can be restarted only when it has ended.', v_execution.id, v_execution.state
      using errcode = 'RP409', detail = 'execution_not_ended', hint = 'Kill it first, or replay it as it is.';
  end if;
  perform reprise_engine.find_runnable_revision(v_execution.namespace, v_execution.flow_id, v_execution.flow_revision);

  -- System steps belong to how it ended; they run anew.
  delete from reprise.task_runs as r
  using reprise.tasks as t
  where r.execution_id = v_execution.id and t.key = r.task_key
    and (t.kind = 'OUTPUTS' or t.kind = 'DEFAULTS' and r.state <> 'SUCCESS');

  -- A replay may carry a failure behind which, or before which, another failed. The first of them runs; the others are come to in their
  -- turn, as in a replay.
  with failed as (
    select
      r.id, row_number() over (order by t.position) as place,
      coalesce(r.original_id, (select a.task_run_id from reprise.attempts as a where a.id = r.carried_attempt_id)) as original_id
    from reprise.task_runs as r
    join reprise.tasks as t on t.key = r.task_key
    where r.execution_id = v_execution.id and r.state in ('FAILED', 'KILLED', 'CANCELLED')
  ), put_off as (
    delete from reprise.task_runs as r
    using failed as f
    where r.id = f.id and f.place > 1
    returning r.execution_id, r.task_key, r.iteration_path, f.original_id, r.attempt_number
  ), remembered as (
    insert into reprise.replayed_task_runs (execution_id, task_key, iteration_path, original_id, attempt_number)
    select p.execution_id, p.task_key, p.iteration_path, p.original_id, p.attempt_number from put_off as p
  ), repointed as (
    -- Replays of this one that name them: what they follow is what was carried here.
    update reprise.replayed_task_runs as p
    set original_id = f.original_id
    from failed as f
    where p.original_id = f.id and f.place > 1
  ), repointed_runs as (
    update reprise.task_runs as r
    set original_id = f.original_id
    from failed as f
    where r.original_id = f.id and f.place > 1
  ), restarted as (
    update reprise.task_runs as r
    set
      state = 'RESTARTED', ended_at = null, try = 0, is_carried = false, carried_attempt_id = null, original_id = f.original_id
    from failed as f
    where r.id = f.id and f.place = 1
    returning r.id
  )
  select coalesce(array_agg(restarted.id), '{}') into v_restarted from restarted;

  if v_restarted = '{}' and v_execution.state in ('SUCCESS', 'WARNING') then
    raise exception 'Execution % ended as %: there is nothing to restart from.', v_execution.id, v_execution.state
      using errcode = 'RP409', detail = 'nothing_failed', hint = 'Replay it instead, from any task run.';
  end if;

  update reprise.executions as e
  set
    state = 'RESTARTED', attempt_number = e.attempt_number + 1, outputs = null, error = null,
    first_started_at = coalesce(e.first_started_at, e.started_at), started_at = null, killing_at = null, ended_at = null,
    past_states = e.past_states
      || case when e.started_at is null then '[]' else jsonb_build_array(jsonb_build_object('state', 'RUNNING', 'at', e.started_at)) end
      || case when e.killing_at is null then '[]' else jsonb_build_array(jsonb_build_object('state', 'KILLING', 'at', e.killing_at)) end
      || jsonb_build_array(
        jsonb_build_object('state', e.state, 'at', e.ended_at), jsonb_build_object('state', 'RESTARTED', 'at', reprise_engine.clock())
      ),
    labels = e.labels || '{"system.restarted": "true"}',
    verdict = case
      when exists (select from reprise.task_runs as r where r.execution_id = e.id and r.state = 'WARNING') then 'WARNING'
      else 'SUCCESS'
    end::reprise.execution_state
  where e.id = v_execution.id;

  perform reprise_engine.enqueue_task_runs(v_restarted);
  if v_restarted = '{}' then
    perform reprise_engine.start_executions(array[v_execution.id]);
  end if;
  perform reprise_engine.log_event(v_execution.id, format('Restarted by %s.', reprise_engine.actor(actor)));
  perform reprise_engine.notify_executions(array[v_execution.id]);

  select * into v_execution from reprise.executions as e where e.id = v_execution.id;
  return v_execution;
end;
$$;

comment on function reprise_api.restart_execution is
  'Goes on with an ended execution from what failed or was killed in it: the same execution, new attempts, full retry budgets. To keep the '
  'original as it is, replay it.';
