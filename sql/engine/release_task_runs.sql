create or replace function reprise_engine.release_task_runs(task_run_ids bigint[])
returns void
language plpgsql volatile
set search_path = ''
as $$
begin
  -- Whoever deletes one that carries them does so before or after: heirs are chosen among those that are left.
  perform
  from reprise.task_runs as c
  where c.carried_attempt_id = any (array(select a.id from reprise.attempts as a where a.task_run_id = any (release_task_runs.task_run_ids)))
  order by c.id
  for update;
  -- What a replay carries of them becomes its own, with the attempts before it; others that carry it point at the same attempts. Of several the one
  -- that carries the latest has them; what came behind that is nobody's.
  with heirs as (
    select distinct on (a.task_run_id) a.task_run_id, a.number, c.id as heir_id
    from reprise.attempts as a
    join reprise.task_runs as c on c.carried_attempt_id = a.id
    where a.task_run_id = any (release_task_runs.task_run_ids)
    order by a.task_run_id, a.number desc, c.id
  ), given as (
    update reprise.attempts as a
    set task_run_id = h.heir_id
    from heirs as h
    where a.task_run_id = h.task_run_id and a.number <= h.number
  ), linked as (
    -- What their children have given is still read there; but no restart of the replay goes on with them.
    update reprise.subflows as s
    set task_run_id = h.heir_id, child_attempt_number = 0
    from heirs as h
    where s.task_run_id = h.task_run_id
  )
  update reprise.task_runs as r
  set carried_attempt_id = null
  from heirs as h
  where r.id = h.heir_id;

  -- And who runs them again follows nothing, though the numbers of attempts go on.
  update reprise.replayed_task_runs as p set original_id = null where p.original_id = any (release_task_runs.task_run_ids);
end;
$$;

comment on function reprise_engine.release_task_runs is
  'Lets go of task runs that are to be deleted while replays still point at them: those that carry one inherit it.';
