create or replace function reprise_engine.close_executions(execution_ids uuid[])
returns void
language plpgsql volatile
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
declare
  v_openings reprise.opening[];
  v_settled uuid[];
  v_timed uuid[];
  v_again uuid[];
begin
  with closed as (
    update reprise.executions as e
    set state = case when e.state = 'KILLING' then 'KILLED' else e.verdict end, ended_at = now.at, is_ending = false
    from reprise_engine.clock() as now (at)
    where e.id = any (close_executions.execution_ids) and e.ended_at is null
    returning e.id, e.namespace, e.flow_id, e.flow_revision, e.deadline_at, e.attempt_number
  )
  select
    coalesce(array_agg(row(c.id, t.key, null, null, null)::reprise.opening) filter (where t.key is not null), '{}'),
    coalesce(array_agg(c.id) filter (where t.key is null), '{}'),
    array_agg(c.id) filter (where c.deadline_at is not null),
    array_agg(c.id) filter (where c.attempt_number > 1)
  into v_openings, v_settled, v_timed, v_again
  from closed as c
  left join lateral (
    select t.key
    from reprise.tasks as t
    where t.namespace = c.namespace and t.flow_id = c.flow_id and t.revision = c.flow_revision and t.branch = 'afterExecution'
      and t.parent_key is null and t.lane = 0
    offset 0
  ) as t on true;

  -- Hardly ever does any wait, anywhere.
  if exists (select from reprise.pauses as p where p.answer is not null) then
    perform reprise_engine.drop_answers(close_executions.execution_ids);
  end if;
  if v_again is not null then
    perform reprise_engine.cancel_unreached(v_again);
  end if;
  if v_openings <> '{}' then
    update reprise.executions as e
    set is_finishing = true
    where e.id = any (array(select o.execution_id from unnest(v_openings) as o));
    perform reprise_engine.enqueue_task_runs(reprise_engine.open_tasks(reprise_engine.advance('{}', v_openings)));
  end if;
  if v_timed is not null then
    perform graphile_worker.remove_job('deadline:' || timed.id) from unnest(v_timed) as timed (id);
  end if;
  if v_settled <> '{}' then
    perform reprise_engine.settle_executions(v_settled);
  end if;
end;
$$;

comment on function reprise_engine.close_executions is
  'Ends executions in the state of their verdict, or as KILLED when they are being killed, and opens what their flows run after that.';
