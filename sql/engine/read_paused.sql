create or replace function reprise_engine.read_paused(task_run_id bigint)
returns json
language sql stable
set search_path = ''
as $$
  select reprise_engine.lay_over(
    to_json(begun), json_build_object('task_run_id', begun.task_run_id::text, 'parent_id', begun.parent_id::text)
  )
  from reprise.task_runs as r
  join reprise.attempts as a on a.task_run_id = r.id and a.number = r.attempt_number
  cross join reprise_engine.read_begun(array[a.id]) as begun
  where r.id = read_paused.task_run_id and r.state = 'PAUSED';
$$;

comment on function reprise_engine.read_paused is
  'What templates see of a Pause that waits, as its attempt saw it. Null, where it does not wait any more.';
