create or replace function reprise_engine.widen_block(task_run_id bigint)
returns void
language plpgsql volatile
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
declare
  v_execution uuid;
  v_wave record;
begin
  -- Lock.
  select e.id into v_execution
  from reprise.executions as e
  where e.id = (select r.execution_id from reprise.task_runs as r where r.id = widen_block.task_run_id)
    and e.ended_at is null and not e.is_ending and e.state <> 'KILLING'
  for no key update;
  if not found then
    return;
  end if;

  -- Guard and change.
  update reprise.blocks as b
  set wave = case when b.wave * 2 < b.lanes then b.wave * 2 end
  where b.task_run_id = widen_block.task_run_id and b.wave is not null and b.begun_lanes < b.lanes
    and exists (select from reprise.task_runs as r where r.id = b.task_run_id and r.ended_at is null)
  returning b.wave into v_wave;
  if not found then
    return;
  end if;

  -- Consequence.
  perform reprise_engine.enqueue_waves(array[widen_block.task_run_id]) where v_wave.wave is not null;
  perform reprise_engine.enqueue_task_runs(
    reprise_engine.open_tasks(reprise_engine.advance('{}', reprise_engine.begin_lanes(array[widen_block.task_run_id])))
  );

  -- Notify.
  perform reprise_engine.notify_executions(array[v_execution]);
end;
$$;

comment on function reprise_engine.widen_block is
  'Workers have come to all lanes of a block that have begun: twice as many may be open now. Late or repeated, it begins what it may and no more.';
