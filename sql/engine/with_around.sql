create or replace function reprise_engine.with_around(task_run_ids bigint[])
returns bigint[]
language sql stable
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
  with recursive line (id) as (
    select given.id from unnest(with_around.task_run_ids) as given (id)
    union
    select r.parent_id
    from line as l
    cross join lateral (select r.parent_id from reprise.task_runs as r where r.id = l.id and r.parent_id is not null offset 0) as r
  )
  select coalesce(array_agg(l.id), '{}') from line as l where l.id is not null;
$$;

comment on function reprise_engine.with_around is 'These task runs, and those of the blocks around them.';
