create or replace function reprise_engine.reconcile_subflows(batch integer)
returns integer
language plpgsql volatile
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
declare
  v_late timestamptz := reprise_engine.clock() - interval '5 seconds';
  v_parents bigint[];
  v_orphaning uuid[];
  v_strays uuid[];
begin
  -- A parent takes the end of a child within a moment. One whose task run has ended and that still goes on comes to its own end first.
  select coalesce(array_agg(distinct late.task_run_id), '{}') into v_parents
  from (
    select d.task_run_id
    from reprise.ended_subflows as d
    where d.ended_at < v_late
      and not exists (
        select
        from reprise.task_runs as r
        cross join lateral (select from reprise.executions as e where e.id = r.execution_id and (e.ended_at is null or e.is_finishing) offset 0) as e
        where r.id = d.task_run_id and r.state in ('FAILED', 'KILLED')
      )
    order by d.ended_at, d.id
    limit reconcile_subflows.batch
  ) as late;
  perform reprise_engine.enqueue_parents(v_parents, is_keyed => true);

  select coalesce(array_agg(late.id), '{}') into v_orphaning
  from (
    select e.id from reprise.executions as e where e.has_orphans and e.ended_at < v_late order by e.ended_at, e.id limit reconcile_subflows.batch
  ) as late;
  perform reprise_engine.enqueue_orphans(v_orphaning, is_keyed => true);

  -- Children that were started at the very moment in which their parent was killed. One that somebody has restarted since is left alone.
  select array_agg(e.id) into v_strays
  from reprise.executions as e
  cross join lateral (select r.execution_id, r.task_key from reprise.task_runs as r where r.id = e.parent_task_run_id offset 0) as r
  cross join lateral (select t.is_after from reprise.tasks as t where t.key = r.task_key offset 0) as t
  cross join lateral (select parent.state from reprise.executions as parent where parent.id = r.execution_id offset 0) as parent
  where e.state in ('CREATED', 'QUEUED', 'RUNNING', 'PAUSED', 'BREAKPOINT') and e.attempt_number = 1 and e.parent_task_run_id is not null
    and parent.state in ('KILLING', 'KILLED') and not t.is_after;
  if v_strays is not null then
    perform reprise_engine.kill_executions(v_strays, 'reprise');
  end if;

  return cardinality(v_parents) + cardinality(v_orphaning);
end;
$$;

comment on function reprise_engine.reconcile_subflows is
  'Gives a job to parents that have not heard of the end of their children, and to executions whose children have not heard of their end; and kills '
  'those that came while their parent was being killed. Returns how many jobs.';
