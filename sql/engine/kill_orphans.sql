create or replace function reprise_engine.kill_orphans(execution_id uuid)
returns void
language plpgsql volatile
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
declare
  v_children uuid[];
begin
  -- Lock, guard and change: somebody may have restarted it meanwhile, and then it goes on with what it has started.
  update reprise.executions as e
  set has_orphans = false
  where e.id = kill_orphans.execution_id and e.has_orphans;
  if not found then
    return;
  end if;

  -- Consequence. What has started since, after the end of the execution, is none of those.
  select array_agg(c.id) into v_children
  from reprise.task_runs as r
  cross join lateral (
    select c.id from reprise.executions as c where c.parent_task_run_id = r.id and (c.ended_at is null or c.retry_at is not null) offset 0
  ) as c
  cross join lateral (select t.is_after from reprise.tasks as t where t.key = r.task_key offset 0) as t
  where r.execution_id = kill_orphans.execution_id and not t.is_after;
  if v_children is not null then
    perform reprise_engine.kill_executions(v_children, 'reprise');
  end if;
  -- Some may have ended by themselves since.
  perform reprise_engine.show_stopped_children(array(
    select r.id
    from reprise.task_runs as r
    cross join lateral (select t.kind from reprise.tasks as t where t.key = r.task_key and not t.is_after offset 0) as t
    where r.execution_id = kill_orphans.execution_id and t.kind = 'SUBFLOW'
  ));
end;
$$;

comment on function reprise_engine.kill_orphans is
  'Kills what an execution has started that was ended at once. Late or repeated, or where the execution goes on again, it changes nothing.';
