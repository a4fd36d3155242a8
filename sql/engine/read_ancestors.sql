create or replace function reprise_engine.read_ancestors(task_run_id bigint)
returns jsonb
language sql stable
set search_path = ''
as $$
  with recursive line as (
    select 1 as distance, r.id, r.parent_id, r.iteration, r.iteration_path, r.attempt_number, r.carried_attempt_id
    from reprise.task_runs as r
    where r.id = read_ancestors.task_run_id
    union all
    select line.distance + 1, r.id, r.parent_id, r.iteration, r.iteration_path, r.attempt_number, r.carried_attempt_id
    from line
    join reprise.task_runs as r on r.id = line.parent_id
  )
  select jsonb_agg(
    jsonb_build_array(
      case when line.iteration is not null then line.iteration_path[cardinality(line.iteration_path)] end,
      (
        select a.outputs
        from reprise.attempts as a
        where a.id = coalesce(
          line.carried_attempt_id,
          (select own.id from reprise.attempts as own where own.task_run_id = line.id and own.number = line.attempt_number)
        )
      )
    )
    order by line.distance
  )
  from line;
$$;

comment on function reprise_engine.read_ancestors is
  'The blocks around a task run, beginning with this one: [[value of its iteration, outputs]].';
