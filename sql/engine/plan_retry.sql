create or replace function reprise_engine.plan_retry(execution reprise.executions)
returns reprise.replay_plan
language plpgsql stable
set search_path = ''
as $$
declare
  v_anchors text[] := reprise_engine.own_anchors(execution);
  v_left text[];
  v_plan reprise.replay_plan;
begin
  if v_anchors = '{}' then
    v_anchors := '{failed}';
  end if;
  v_plan := reprise_engine.plan_replay(execution.id, v_anchors, 'original', 'DOWNSTREAM', null, '{}');

  -- What the execution had run beside its anchors, and failed, runs again too.
  select coalesce(array_agg(r.id::text order by r.id), '{}') into v_left
  from unnest(v_plan.tasks) as t
  join reprise.task_runs as r on r.id = t.task_run_id
  where t.disposition = 'CARRIED_FAILED' and not r.is_carried;
  if v_left <> '{}' then
    v_plan := reprise_engine.plan_replay(execution.id, v_anchors || v_left, 'original', 'DOWNSTREAM', null, '{}');
  end if;

  -- An anchor may be gone with the iteration that it stood in.
  if not v_plan.is_runnable then
    v_plan := reprise_engine.plan_replay(execution.id, '{failed}', 'original', 'DOWNSTREAM', null, '{}');
  end if;
  return v_plan;
end;
$$;

comment on function reprise_engine.plan_retry is
  'Plans the execution that takes the place of one that is RETRIED: it begins where that began. Of a replay it carries what that had carried, and runs again whatever of the rest had failed.';
