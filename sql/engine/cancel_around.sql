create or replace function reprise_engine.cancel_around(task_run_ids bigint[])
returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_executions uuid[];
begin
  with recursive line (id, parent_id, execution_id) as (
    select r.id, r.parent_id, r.execution_id from reprise.task_runs as r where r.id = any (cancel_around.task_run_ids)
    union
    select r.id, r.parent_id, r.execution_id from line as l join reprise.task_runs as r on r.id = l.parent_id
  ), cancelled as (
    update reprise.task_runs as r
    set state = 'CANCELLED', ended_at = reprise_engine.clock()
    from line as l
    where r.id = l.id
    returning r.execution_id
  )
  select array_agg(distinct c.execution_id) into v_executions from cancelled as c;

  perform reprise_engine.end_executions(v_executions, 'CANCELLED', null);
end;
$$;

comment on function reprise_engine.cancel_around is
  'Ends executions as CANCELLED, with these task runs and the blocks around them. The caller holds their locks.';
