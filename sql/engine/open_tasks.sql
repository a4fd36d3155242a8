create or replace function reprise_engine.open_tasks(openings reprise.opening[])
returns bigint[]
language plpgsql volatile
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
declare
  v_now timestamptz := reprise_engine.clock();
  v_opened bigint[];
begin
  with opened as (
    insert into reprise.task_runs (
      execution_id, task_key, parent_id, iteration, iteration_path, original_id, attempt_number, created_at
    )
    select
      o.execution_id, o.task_key, o.parent_id, o.iteration, o.iteration_path, p.original_id, coalesce(p.attempt_number, 0), v_now
    from unnest(open_tasks.openings) as o
    left join lateral (
      select p.original_id, p.attempt_number
      from reprise_engine.find_replayed(o.execution_id, o.task_key, o.iteration_path) as p
      offset 0
    ) as p on true
    returning id
  )
  select coalesce(array_agg(opened.id), '{}') into v_opened from opened;

  if reprise_engine.find_watched(open_tasks.openings) is not null then
    v_opened := reprise_engine.stop_at_breakpoints(v_opened);
  end if;
  return v_opened;
end;
$$;

comment on function reprise_engine.open_tasks is
  'Creates the task runs of tasks that executions have come to, and returns their ids, but for those at which they stop. In a replay their attempt numbers go on from the '
  'original''s.';
