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
    join reprise.task_runs as r on r.id = line.original_id
    where line.is_carried
  )
  select line.id
  from line
  where not line.is_carried;
$$;

comment on function reprise_engine.find_decider is
  'Where it was decided that a task run without an attempt is skipped: in itself, or in the one that replays carried it from.';
