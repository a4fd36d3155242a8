create or replace function reprise_engine.read_outputs(execution_id uuid, task_keys integer[])
returns json
language sql stable
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
  select json_agg(
    json_build_array(t.id, r.iteration_path, r.state, reprise_engine.seen_outputs(r.id, r.state, r.task_key, a.outputs), r.iteration is not null)
    order by r.first_id, case when r.iteration_path is not null then reprise_engine.place_in_loops(r.run) end, r.id
  )
  -- As the tasks were come to, and each in the order of the loops around it.
  from (
    select r.*, r as run, min(r.id) over (partition by r.task_key) as first_id
    from reprise.task_runs as r
    where r.execution_id = read_outputs.execution_id
      and (read_outputs.task_keys is null or r.task_key = any (read_outputs.task_keys))
  ) as r
  cross join lateral (select t.id from reprise.tasks as t where t.key = r.task_key offset 0) as t
  left join lateral reprise_engine.shown_attempt(r.id, r.attempt_number, r.carried_attempt_id) as a on true;
$$;

comment on function reprise_engine.read_outputs is
  'The outputs of task runs of an execution that templates see, of all or of the tasks named: [[task id, iteration path, state, outputs, '
  'whether it stands directly in a loop]].';
