create or replace function reprise_engine.match_tasks(
  original reprise.executions,
  target_revision integer,
  inputs jsonb,
  overrides jsonb
)
returns reprise.replay_plan_task[]
language plpgsql stable
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_nestloop = off -- everything here is a set, and a wrong guess at its size would make it a square
as $$
declare
  -- Taken out of the row once: doing that for each task would cost more than all the rest.
  v_id uuid := original.id;
  v_namespace text := original.namespace;
  v_flow_id text := original.flow_id;
  v_labels jsonb := reprise_engine.replay_labels(original, target_revision);
  v_overridden text[] := array(select jsonb_object_keys(overrides));
  v_tasks reprise.replay_plan_task[];
begin
  with matched as materialized (
    select
      t.key, coalesce(t.id, s.task_id) as id, t.position, t.fingerprint,
      t.reads_variables, t.reads_inputs, t.reads_labels, t.reads_task_ids,
      s.task_run_id, s.iteration_path, s.state, s.attempt_id, coalesce(s.attempt_number, s.last_attempt_number) as attempt_number,
      s.ran_execution_id, s.ran_task_key, s.duration_ms
    from (
      select t.*
      from reprise.tasks as t
      where t.namespace = v_namespace and t.flow_id = v_flow_id and t.revision = match_tasks.target_revision
        and t.kind not in ('DEFAULTS', 'OUTPUTS') and not t.is_disabled
    ) as t
    full join reprise_engine.replay_sources(v_id) as s on s.task_id = t.id
  ), changes as materialized (
    select
      ran.execution_id, c.changed_variables, c.changed_inputs, c.changed_defaults, c.changed_labels,
      v_overridden || added.task_ids || replaced.task_ids as changed_outputs
    from (select distinct m.ran_execution_id as execution_id from matched as m where m.ran_execution_id is not null) as ran
    cross join lateral reprise_engine.changed_values(
      ran.execution_id, match_tasks.target_revision, match_tasks.inputs, v_labels
    ) as c
    -- What had not run will have outputs now, and what does not run any more will have none.
    cross join (
      select coalesce(array_agg(m.id), '{}') as task_ids
      from matched as m
      where m.key is null or m.task_run_id is null
    ) as added
    -- What ran in an earlier execution has read what that one shows, which a replay between may have replaced.
    cross join lateral (
      select coalesce(array_agg(was.task_id), '{}') as task_ids
      from reprise_engine.replay_sources(ran.execution_id) as was
      join matched as now on now.id = was.task_id and now.iteration_path is not distinct from was.iteration_path
      where ran.execution_id <> v_id and now.task_run_id is not null and now.attempt_id is distinct from was.attempt_id
    ) as replaced
  ), remembered as (
    -- What an earlier execution had tried, and the original, a replay itself, has not come to.
    select t.id, p.iteration_path, p.attempt_number
    from (select * from reprise.replayed_task_runs as p where p.execution_id = v_id offset 0) as p
    cross join lateral (select t.id from reprise.tasks as t where t.key = p.task_key offset 0) as t
  )
  select coalesce(array_agg(
    row(
      m.id, m.iteration_path, null, null, null, null, m.state, m.key, m.task_run_id, m.attempt_id,
      coalesce(m.attempt_number, r.attempt_number), case when m.attempt_id is not null then m.ran_execution_id end, m.duration_ms,
      case
        when m.key is null or m.task_run_id is null then null
        -- Nearly always nothing that it reads has changed, and to see that is cheap.
        when m.key <> m.ran_task_key
            and m.fingerprint <> (select ran.fingerprint from reprise.tasks as ran where ran.key = m.ran_task_key)
          or m.reads_variables and c.changed_variables <> '{}'
          or m.reads_inputs and (c.changed_inputs <> '{}' or c.changed_defaults <> '{}')
          or m.reads_labels and c.changed_labels <> '{}'
          or c.changed_outputs <> '{}' and (m.reads_task_ids is null or m.reads_task_ids && c.changed_outputs)
        then reprise_engine.changed_keys(
          m.key, m.ran_task_key, c.changed_variables, c.changed_inputs, c.changed_defaults, c.changed_labels, c.changed_outputs
        )
      end,
      m.id = any (v_overridden)
    )::reprise.replay_plan_task
    order by m.position nulls last, m.task_run_id
  ), '{}') into v_tasks
  from matched as m
  left join changes as c on c.execution_id = m.ran_execution_id
  left join remembered as r on r.id = m.id and r.iteration_path is null and m.task_run_id is null;

  return v_tasks;
end;
$$;

comment on function reprise_engine.match_tasks is
  'Lays the task runs of an execution beside the tasks of a revision, in the order of the flow: identity is the task id and the '
  'iteration path. What is only in the execution comes last and has no task_key.';
