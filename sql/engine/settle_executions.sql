create or replace function reprise_engine.settle_executions(execution_ids uuid[])
returns void
language plpgsql volatile
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
declare
  v_parents bigint[];
begin
  with settled as (
    update reprise.executions as e
    set is_finishing = false
    where e.id = any (settle_executions.execution_ids) and e.is_finishing
  ), told as (
    -- A parent is told even where it does not wait: what has failed it may have ended well by now.
    insert into reprise.ended_subflows (task_run_id, execution_id, ended_at)
    select e.parent_task_run_id, e.id, now.at
    from reprise.executions as e
    cross join reprise_engine.clock() as now (at)
    where e.id = any (settle_executions.execution_ids) and e.parent_task_run_id is not null
    returning task_run_id
  )
  select array_agg(told.task_run_id) into v_parents from told;

  if v_parents is not null then
    perform reprise_engine.enqueue_parents(v_parents);
  end if;
end;
$$;

comment on function reprise_engine.settle_executions is
  'What follows when executions are over for good, with what their flows run after them. Holds their locks and may take no other: who waits '
  'for them is told by a job.';
