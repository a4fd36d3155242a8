create or replace function reprise_engine.read_ancestors(task_run_id bigint, iteration integer default null)
returns json
language sql stable
set search_path = ''
as $$
  with recursive line as (
    select 1 as distance, read_ancestors.iteration as iteration_below, r.id, r.task_key, r.parent_id, r.iteration, r.iteration_path, r.attempt_number, r.carried_attempt_id, r.state
    from reprise.task_runs as r
    where r.id = read_ancestors.task_run_id
    union all
    select line.distance + 1, line.iteration, r.id, r.task_key, r.parent_id, r.iteration, r.iteration_path, r.attempt_number, r.carried_attempt_id, r.state
    from line
    cross join lateral (select r.* from reprise.task_runs as r where r.id = line.parent_id offset 0) as r
  )
  select json_agg(
    json_build_array(
      case when line.iteration is not null then line.iteration_path[cardinality(line.iteration_path)] end,
      reprise_engine.shown_outputs(line.id, line.state, shown.outputs),
      (
        -- In which iteration of a Loop the run below stands.
        select jsonb_build_object('index', i.number, 'value', coalesce(i.item, i.value))
          || case when i.item is null then '{}' else jsonb_build_object('key', i.value) end
        from reprise.iterations as i
        where i.attempt_id = shown.id and i.number = line.iteration_below
          and (select t.type like '%.flow.Loop' from reprise.tasks as t where t.key = line.task_key)
      )
    )
    order by line.distance
  )
  from line
  left join lateral reprise_engine.shown_attempt(line.id, line.attempt_number, line.carried_attempt_id) as shown on true;
$$;

comment on function reprise_engine.read_ancestors is
  'The blocks around a task run, beginning with this one, in which it is of this iteration: [[value of the block''s own iteration, outputs, item]], '
  'and the item of a Loop is index, value and key of the iteration that the task run stands in.';
