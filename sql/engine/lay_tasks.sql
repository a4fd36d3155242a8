create or replace function reprise_engine.lay_tasks(original reprise.executions, target_revision integer)
returns table (
  number integer,
  around integer,
  branch text,
  is_wide boolean,
  in_handler boolean,
  is_inserted boolean,
  decision text,
  kind reprise.task_kind,
  task_key integer,
  task_id text,
  iteration integer,
  iteration_path text[],
  task_run_id bigint,
  state reprise.task_run_state,
  attempt_id bigint,
  attempt_number integer,
  ran_execution_id uuid,
  ran_task_key integer,
  duration_ms bigint
)
language plpgsql stable
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_nestloop = off -- everything here is a set, and a wrong guess at its size would make it a square
as $$
#variable_conflict use_column
declare
  -- Taken out of the row once: doing that for each task would cost more than all the rest.
  v_id uuid := original.id;
  v_namespace text := original.namespace;
  v_flow_id text := original.flow_id;
  v_known text[] := array(select t.task_id from reprise_engine.tasks_of(original, original.flow_revision) as t where not t.is_disabled);
begin
  -- Without blocks there is no tree to walk.
  if not exists (
    select
    from reprise.tasks as t
    where t.namespace = v_namespace and t.flow_id = v_flow_id
      and t.revision in (original.flow_revision, lay_tasks.target_revision) and t.parent_key is not null
  ) then
    return query
    select
      (row_number() over (order by t.key, s.task_run_id))::integer, null::integer, t.branch, false, t.is_handler,
      s.task_run_id is null and t.id <> all (v_known), case when t.kind <> 'RUNNABLE' then 'tasks' end, t.kind, t.key,
      coalesce(t.id, s.task_id), s.iteration, s.iteration_path, s.task_run_id, s.state, s.attempt_id,
      coalesce(s.attempt_number, s.last_attempt_number), s.ran_execution_id, s.ran_task_key, s.duration_ms
    from (
      select t.key, t.id, t.kind, t.branch, t.is_handler
      from reprise.tasks as t
      where t.namespace = v_namespace and t.flow_id = v_flow_id and t.revision = lay_tasks.target_revision
        and t.kind not in ('DEFAULTS', 'OUTPUTS') and not t.is_disabled
    ) as t
    full join reprise_engine.replay_sources(v_id) as s on s.task_id = t.id
    order by 1;
    return;
  end if;

  return query
  with recursive sources as materialized (
    select * from reprise_engine.replay_sources(v_id)
  ), targets as materialized (
    select
      t.key, t.id, t.kind, t.parent_key, t.branch, t.is_handler,
      reprise_engine.is_wide(t.kind, t.type) as is_wide_inside
    from reprise.tasks as t
    where t.namespace = v_namespace and t.flow_id = v_flow_id and t.revision = lay_tasks.target_revision
      and t.kind not in ('DEFAULTS', 'OUTPUTS') and not t.is_disabled
  ), looped as materialized (
    select i.attempt_id, i.number, i.value
    from reprise.iterations as i
    where i.attempt_id = any (array(
      select s.attempt_id from sources as s join targets as t on t.id = s.task_id where t.kind = 'FOR_EACH' and s.attempt_id is not null
    ))
  ), node as (
    select
      array[0, t.key] as place, '{}'::integer[] as around, t.branch, false as is_wide, t.is_handler as in_handler, t.kind, t.is_wide_inside, t.key, t.id,
      null::integer as iteration, null::text[] as path, s.task_run_id, s.attempt_id
    from targets as t
    left join sources as s on s.task_id = t.id and s.iteration_path is null
    where t.parent_key is null
    union all
    select
      n.place || coalesce(i.number, 0) || t.key, n.place, t.branch,
      not t.is_handler and n.is_wide_inside, n.in_handler or t.is_handler, t.kind, t.is_wide_inside, t.key, t.id, i.number, case when i.number is null then n.path else n.path || i.value end,
      s.task_run_id, s.attempt_id
    from node as n
    join targets as t on t.parent_key = n.key
    left join looped as i on i.attempt_id = n.attempt_id and n.kind = 'FOR_EACH' and not t.is_handler
    left join sources as s
      on s.task_id = t.id
      and coalesce(s.iteration_path, '{}') = coalesce(case when i.number is null then n.path else n.path || i.value end, '{}')
  ), numbered as materialized (
    select
      (row_number() over (order by n.place, s.task_run_id))::integer as number, n.place, n.around, n.branch, n.is_wide, n.in_handler, n.kind,
      n.key, coalesce(n.id, s.task_id) as id, coalesce(n.iteration, s.iteration) as iteration, coalesce(n.path, s.iteration_path) as path,
      s.task_run_id, s.state, s.attempt_id, coalesce(s.attempt_number, s.last_attempt_number) as attempt_number, s.ran_execution_id,
      s.ran_task_key, s.duration_ms
    from node as n
    full join sources as s on s.task_run_id = n.task_run_id
  ), decided as (
    select a.id, a.outputs
    from reprise.attempts as a
    where a.id = any (array(select n.attempt_id from numbered as n where n.kind in ('IF', 'SWITCH') and n.attempt_id is not null))
  )
  select
    n.number, block.number, n.branch, n.is_wide, n.in_handler, n.task_run_id is null and n.id <> all (v_known),
    case when n.kind <> 'RUNNABLE' then reprise_engine.chosen_list(n.kind, d.outputs) end,
    n.kind, n.key, n.id, n.iteration, n.path, n.task_run_id, n.state, n.attempt_id, n.attempt_number, n.ran_execution_id, n.ran_task_key,
    n.duration_ms
  from numbered as n
  left join numbered as block on block.place = n.around and n.around <> '{}'
  left join decided as d on d.id = n.attempt_id
  order by n.number;
end;
$$;

comment on function reprise_engine.lay_tasks is
  'Lays the task runs of an execution beside the tasks of a revision, as a tree in the order of the flow: identity is the task id and the '
  'iteration path. What is only in the execution comes last and has no task_key.';
