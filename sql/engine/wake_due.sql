create or replace function reprise_engine.wake_due(batch integer default 1000)
returns double precision
language plpgsql volatile
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
declare
  v_now timestamptz := reprise_engine.clock();
  v_executions uuid[];
  v_loops bigint[];
  v_pauses record;
begin
  -- Lock.
  select coalesce(array_agg(locked.id), '{}') into v_executions
  from (
    select e.id
    from reprise.executions as e
    where e.id = any (array(
      select r.execution_id
      from (
        (select l.task_run_id from reprise.loops as l where l.due_at <= v_now order by l.due_at limit wake_due.batch)
        union all
        (select p.task_run_id from reprise.pauses as p where p.due_at <= v_now order by p.due_at limit wake_due.batch)
      ) as due
      cross join lateral (select r.execution_id from reprise.task_runs as r where r.id = due.task_run_id offset 0) as r
    ))
    order by e.id
    for no key update skip locked
  ) as locked;

  if v_executions <> '{}' then
    -- Guard and change.
    with due as (
      update reprise.loops as l
      set due_at = null
      from reprise.task_runs as r
      where l.due_at <= v_now and r.id = l.task_run_id and r.execution_id = any (v_executions)
      returning r.id, r.state, r.execution_id
    )
    select coalesce(array_agg(d.id) filter (where d.state = 'RUNNING'), '{}') into v_loops
    from due as d
    cross join lateral (select e.state from reprise.executions as e where e.id = d.execution_id offset 0) as e
    where e.state <> 'KILLING';

    -- Consequence.
    perform reprise_engine.enqueue_task_runs(
      reprise_engine.open_tasks(reprise_engine.advance('{}', reprise_engine.begin_lanes(v_loops)))
    )
    where v_loops <> '{}';

    with due as (
      update reprise.pauses as p
      set due_at = null
      from reprise.task_runs as r
      where p.due_at <= v_now and r.id = p.task_run_id and r.execution_id = any (v_executions)
      returning r.id, p.ending
    )
    select array_agg(d.id) as ids, array_agg(d.ending) as endings, array_agg(null::jsonb) as inputs into v_pauses from due as d;
    perform reprise_engine.resume_task_runs(v_pauses.ids, v_pauses.endings, v_pauses.inputs, null) where v_pauses.ids is not null;

    -- Notify.
    perform reprise_engine.notify_executions(v_executions);
  end if;

  return extract(epoch from least(
    (select min(l.due_at) from reprise.loops as l where l.due_at is not null), (select min(p.due_at) from reprise.pauses as p where p.due_at is not null)
  ) - v_now) * 1000;
end;
$$;

comment on function reprise_engine.wake_due is
  'Goes on with what waits for a time that has come: the next iterations of loops, and Pauses. Returns in how many milliseconds there is more to do; null '
  'when nothing waits.';
