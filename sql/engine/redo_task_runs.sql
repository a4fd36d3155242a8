create or replace function reprise_engine.redo_task_runs(execution_id uuid, redone bigint[], opened bigint[])
returns bigint[]
language plpgsql volatile
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
declare
  v_waiting bigint[];
  v_restarted bigint[];
begin
  -- More than one may have failed in a list, where a failure was allowed or carried. The first of them runs; the others, and what has failed
  -- inside of them, wait for their turn.
  with recursive again as (
    select
      r.id, r.parent_id, r.id = any (opened) as is_opened,
      row_number() over (
        partition by r.parent_id, r.iteration_path, t.branch,
          case when reprise_engine.is_wide(around.kind, around.type) then t.key end
        order by t.position
      ) > 1
      -- Lanes begin as many at once as may, from the first on.
      or coalesce(around.kind in ('PARALLEL', 'FOR_EACH'), false)
      -- What a revision has put in front of it runs before it.
      or not coalesce(reprise_engine.is_wide(around.kind, around.type), false) and exists (
        select
        from reprise.tasks as before
        where before.namespace = t.namespace and before.flow_id = t.flow_id and before.revision = t.revision
          and before.parent_key is not distinct from t.parent_key and before.branch = t.branch and before.position < t.position
          and not before.is_disabled
          and not exists (select from reprise_engine.find_task_run(r.execution_id, before.key, r.iteration_path))
      ) as is_behind,
      coalesce(r.original_id, (select a.task_run_id from reprise.attempts as a where a.id = r.carried_attempt_id)) as original_id
    from (select * from reprise.task_runs as r where r.execution_id = redo_task_runs.execution_id offset 0) as r
    cross join lateral (select * from reprise.tasks as t where t.key = r.task_key offset 0) as t
    left join lateral (select * from reprise.tasks as around where around.key = t.parent_key offset 0) as around on true
    where r.id in (select unnest(opened || redone))
  ), put_off (id) as (
    select g.id from again as g where g.is_behind
    union
    select g.id from put_off as p join again as g on g.parent_id = p.id
  ), restarted as (
    update reprise.task_runs as r
    set
      state = 'RESTARTED', ended_at = null, marked_by = null, worked_until = null, try = 0, is_carried = false, carried_attempt_id = null, original_id = g.original_id,
      is_put_off = case when r.id in (select p.id from put_off as p) then true end
    from again as g
    where r.id = any (array(select x.id from again as x)) and r.id = g.id and not g.is_opened
    returning r.id, r.is_put_off
  )
  select
    coalesce(array_agg(restarted.id) filter (where restarted.is_put_off is null), '{}'), coalesce(array_agg(restarted.id), '{}')
  into v_waiting, v_restarted
  from restarted;

  delete from reprise.blocks as b where b.task_run_id = any (v_restarted);
  delete from reprise.loops as l where l.task_run_id = any (v_restarted);
  delete from reprise.pauses as p where p.task_run_id = any (v_restarted);

  return v_waiting;
end;
$$;

comment on function reprise_engine.redo_task_runs is
  'Has what is to run again in an ended execution wait for it. Returns what waits and whose turn it is. opened: the blocks that go on, and what has ended as '
  'somebody says, which is stepped over.';
