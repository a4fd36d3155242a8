create or replace function reprise_engine.drop_task_runs(task_run_ids bigint[])
returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_gone bigint[];
begin
  with recursive gone (id) as (
    select d.id from unnest(drop_task_runs.task_run_ids) as d (id)
    union
    select r.id from gone as g join reprise.task_runs as r on r.parent_id = g.id
  )
  select coalesce(array_agg(g.id), '{}') into v_gone from gone as g;

  perform reprise_engine.release_task_runs(v_gone);
  delete from reprise.task_runs as r where r.id = any (v_gone);
end;
$$;

comment on function reprise_engine.drop_task_runs is
  'Deletes task runs, those in them and their attempts. What replays carry of them becomes theirs.';
