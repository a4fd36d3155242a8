create or replace function reprise_engine.end_around(task_run_ids bigint[], state reprise.execution_state)
returns void
language plpgsql volatile
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
declare
  v_executions uuid[];
begin
  with ended as (
    update reprise.task_runs as r
    set state = end_around.state::text::reprise.task_run_state, ended_at = reprise_engine.clock()
    where r.id = any (reprise_engine.with_around(end_around.task_run_ids))
    returning r.execution_id
  )
  select array_agg(e.id) into v_executions
  from reprise.executions as e
  where e.id = any (array(select d.execution_id from ended as d)) and e.ended_at is null and e.state <> 'KILLING';

  if v_executions is not null then
    update reprise.executions as e
    set exited_by = (select min(r.id) from reprise.task_runs as r where r.id = any (end_around.task_run_ids) and r.execution_id = e.id)
    where e.id = any (v_executions);
    perform reprise_engine.end_executions(v_executions, end_around.state, null);
  end if;
end;
$$;

comment on function reprise_engine.end_around is
  'Ends executions in this state, with these task runs and the blocks around them. The caller holds their locks.';
