create or replace function reprise_engine.own_iterations(task_run_ids bigint[], outputs json[])
returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_own record;
begin
  with carried as materialized (
    select r.id as task_run_id, a.id, r.attempt_number, r.created_at, a.worker_id, a.overridden_by, given.outputs
    from unnest(own_iterations.task_run_ids, own_iterations.outputs) as given (task_run_id, outputs)
    join reprise.task_runs as r on r.id = given.task_run_id
    join reprise.attempts as a on a.id = r.carried_attempt_id
  ), own as (
    insert into reprise.attempts (task_run_id, number, try, state, started_at, ended_at, worker_id, overridden_by, outputs)
    select
      c.task_run_id, c.attempt_number + 1, 0, 'SUCCESS', c.created_at, reprise_engine.clock(), c.worker_id, c.overridden_by, c.outputs
    from carried as c
    returning attempts.id, attempts.task_run_id, attempts.number, attempts.outputs
  ), valued as (
    insert into reprise.iterations (attempt_id, number, value, item)
    select o.id, i.number, i.value, i.item
    from own as o
    join carried as c on c.task_run_id = o.task_run_id
    join reprise.iterations as i on i.attempt_id = c.id
  ), shown as (
    update reprise.task_runs as r
    set
      attempt_number = o.number, is_carried = false, carried_attempt_id = null,
      original_id = coalesce(r.original_id, (select a.task_run_id from reprise.attempts as a where a.id = r.carried_attempt_id))
    from own as o
    where r.id = o.task_run_id
  ), counted as (
    update reprise.blocks as b set attempt_id = o.id from own as o where b.task_run_id = o.task_run_id
  )
  select array_agg(o.id) as attempt_ids, array_agg(o.outputs) as outputs into v_own from own as o;

  perform reprise_engine.reference_files(v_own.attempt_ids, v_own.outputs);
end;
$$;

comment on function reprise_engine.own_iterations is
  'Loops that a replay opened again have come to other outputs than they carry: gives each an attempt of its own with these, over the same values.';
