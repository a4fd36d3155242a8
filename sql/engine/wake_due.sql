create or replace function reprise_engine.wake_due(batch integer default 200)
returns double precision
language plpgsql volatile
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
declare
  v_now timestamptz := reprise_engine.clock();
  v_due record;
  v_executions uuid[] := '{}';
begin
  -- Lock.
  select * into v_due from reprise_engine.lock_due(wake_due.batch);

  -- Guard, change, consequence: whoever was at work on them may have been here just now.
  if v_due.loop_ids <> '{}' then
    v_executions := reprise_engine.wake_loops(v_due.loop_ids);
  end if;
  if v_due.pause_ids <> '{}' then
    v_executions := v_executions || reprise_engine.wake_pauses(v_due.pause_ids);
  end if;

  -- Notify.
  if v_executions <> '{}' then
    perform reprise_engine.notify_executions(v_executions);
  end if;

  if greatest(cardinality(v_due.loop_ids), cardinality(v_due.pause_ids)) >= wake_due.batch then
    return 0;
  end if;
  return extract(epoch from least(
    (select min(l.due_at) from reprise.loops as l where l.due_at > v_now), (select min(p.due_at) from reprise.pauses as p where p.due_at > v_now)
  ) - v_now) * 1000;
end;
$$;

comment on function reprise_engine.wake_due is
  'Goes on with what waits for a time that has come: the next iterations of loops, and Pauses, a batch of each. Returns in how many milliseconds there is '
  'more to do, 0 when there may be more at once; null when nothing waits. What somebody is at work on is passed over, and comes later.';
