create or replace function reprise_engine.find_decider(task_run_id bigint)
returns bigint
language sql stable
set search_path = ''
as $$
  with recursive line (id, original_id, is_carried) as (
    select r.id, r.original_id, r.is_carried from reprise.task_runs as r where r.id = find_decider.task_run_id
    union all
    select r.id, r.original_id, r.is_carried
    from line
    cross join lateral (select r.* from reprise.task_runs as r where r.id = line.original_id offset 0) as r
    where line.is_carried
  )
  select line.id
  from line
  where not line.is_carried;
$$;

comment on function reprise_engine.find_decider is
  'Where it was decided that a task run without an attempt is skipped: in itself, or in the one that replays carried it from.';
