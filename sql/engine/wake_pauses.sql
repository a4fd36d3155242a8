create or replace function reprise_engine.wake_pauses(task_run_ids bigint[])
returns uuid[]
language plpgsql volatile
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
declare
  v_due record;
begin
  with due as (
    update reprise.pauses as p
    set due_at = null
    where p.task_run_id = any (wake_pauses.task_run_ids) and p.due_at <= reprise_engine.clock() and p.answer is null
    returning p.task_run_id, p.ending
  )
  select
    coalesce(array_agg(r.execution_id), '{}') as executions, array_agg(d.task_run_id) as ids, array_agg(d.ending) as endings,
    array_agg(null::json) as inputs
  into v_due
  from due as d
  cross join lateral (select r.execution_id from reprise.task_runs as r where r.id = d.task_run_id offset 0) as r;

  insert into reprise.logs (logged_at, execution_id, task_run_id, attempt_id, level, message)
  select
    reprise_engine.clock(), r.execution_id, r.id, a.id, case d.ending when 'WARNING' then 'WARN' else 'ERROR' end::reprise.log_level,
    'Nobody has resumed it in its time: it '
      || case d.ending when 'WARNING' then 'goes on with a warning.' when 'CANCELLED' then 'cancels the execution.' else 'fails.' end
  from unnest(v_due.ids, v_due.endings) as d (id, ending)
  cross join lateral (
    select r.id, r.execution_id, r.attempt_number from reprise.task_runs as r where r.id = d.id and r.state = 'PAUSED' offset 0
  ) as r
  left join reprise.attempts as a on a.task_run_id = r.id and a.number = r.attempt_number
  where d.ending <> 'SUCCESS';

  if v_due.ids is not null then
    perform reprise_engine.resume_task_runs(v_due.ids, v_due.endings, v_due.inputs, null);
  end if;
  return v_due.executions;
end;
$$;

comment on function reprise_engine.wake_pauses is
  'Those of these Pauses go on whose time has come, and which nobody has answered; returns their executions, whose locks the caller holds.';
