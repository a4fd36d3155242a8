create or replace function reprise_engine.drop_task_runs(task_run_ids bigint[])
returns void
language plpgsql volatile
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
declare
  v_gone bigint[];
  v_files uuid[];
begin
  with recursive gone (id) as (
    select d.id from unnest(drop_task_runs.task_run_ids) as d (id)
    union
    select r.id
    from gone as g
    cross join lateral (select r.id from reprise.task_runs as r where r.parent_id = g.id offset 0) as r
  )
  select coalesce(array_agg(g.id), '{}') into v_gone from gone as g;
  if v_gone = '{}' then
    return;
  end if;

  -- A replay that is being made may name them: it holds a key lock on its original, so this waits for it, and lets go of what it names.
  perform
  from reprise.executions as e
  where e.id = any (array(select r.execution_id from reprise.task_runs as r where r.id = any (v_gone)))
  order by e.id
  for update;
  -- What they said stays, and whose it was.
  update reprise.logs as l
  set task_key = (
    select r.task_key from reprise.attempts as a join reprise.task_runs as r on r.id = a.task_run_id where a.id = l.attempt_id
  )
  where l.attempt_id = any (array(select a.id from reprise.attempts as a where a.task_run_id = any (v_gone)));

  perform reprise_engine.release_task_runs(v_gone);
  select coalesce(array_agg(distinct stored.id), '{}') into v_files
  from reprise.attempts as a
  cross join lateral (
    select f.file_id as id from reprise.file_references as f where f.attempt_id = a.id
    union all
    select f.id from reprise.files as f where f.attempt_id = a.id
  ) as stored
  where a.task_run_id = any (v_gone);
  delete from reprise.task_runs as r where r.id = any (v_gone);
  delete from reprise.files as f
  where f.id = any (v_files) and not exists (select from reprise.file_references as x where x.file_id = f.id)
    and not exists (select from reprise.input_files as x where x.file_id = f.id offset 0);
end;
$$;

comment on function reprise_engine.drop_task_runs is
  'Deletes task runs, those in them, their attempts, and the files that nobody names any more. What replays carry of them becomes theirs.';
