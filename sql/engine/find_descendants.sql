create or replace function reprise_engine.find_descendants(execution_ids uuid[])
returns uuid[]
language sql stable
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
  with recursive line (id) as (
    select given.id from unnest(find_descendants.execution_ids) as given (id)
    union
    select c.id
    from line
    cross join lateral (select r.id from reprise.task_runs as r where r.execution_id = line.id offset 0) as r
    cross join lateral (
      select c.id from reprise.executions as c where c.parent_task_run_id = r.id and (c.ended_at is null or c.retry_at is not null) offset 0
    ) as c
  )
  select coalesce(array_agg(line.id), '{}') from line;
$$;

comment on function reprise_engine.find_descendants is 'These executions, with all that they have started and that go on, and all that those have.';
