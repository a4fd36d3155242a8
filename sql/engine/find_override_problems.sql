create or replace function reprise_engine.find_override_problems(
  original reprise.executions,
  target_revision integer,
  tasks reprise.replay_plan_task[],
  overrides json
)
returns reprise.replay_problem[]
language sql stable
set search_path = ''
as $$
  select array(
    select row(
      'override_not_carried', format('The outputs of `%s` cannot be given, since the replay does not carry it.', o.key), split_part(o.key, '[', 1), true
    )::reprise.replay_problem
    from json_object_keys(find_override_problems.overrides) as o (key)
    where not exists (
      select
      from unnest(find_override_problems.tasks) as t
      where t.task_id = split_part(o.key, '[', 1) and o.key in (t.task_id, reprise_engine.override_key(t.task_id, t.iteration_path))
        and (t.disposition in ('CARRIED', 'CARRIED_CHANGED') or t.reason in ('kept', 'until'))
    )
  ) || array(
    select row(
      'override_of_loop',
      format('`%s` is a loop, and has no outputs of its own: give those of the tasks in it, `TASK["VALUE"]` for one iteration.', loop.id),
      loop.id, true
    )::reprise.replay_problem
    from (select distinct split_part(o.key, '[', 1) as task_id from json_object_keys(find_override_problems.overrides) as o (key)) as o
    join reprise.tasks as loop
      on loop.namespace = find_override_problems.original.namespace and loop.flow_id = find_override_problems.original.flow_id
      and loop.revision = find_override_problems.target_revision and loop.id = o.task_id and loop.kind = 'FOR_EACH'
  );
$$;

comment on function reprise_engine.find_override_problems is 'Outputs that are given for what a replay does not carry, or for a loop, which has none of its own.';
