create or replace function reprise_engine.match_tasks(
  original reprise.executions,
  target_revision integer,
  inputs jsonb,
  overrides jsonb
)
returns reprise.replay_plan_task[]
language plpgsql stable
set search_path = ''
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
  with sources as materialized (
    select * from reprise_engine.replay_sources(v_id)
  ), targets as materialized (
    select t.key, t.id, t.position, t.fingerprint, t.reads_variables, t.reads_inputs, t.reads_labels, t.reads_task_ids
    from reprise.tasks as t
    where t.namespace = v_namespace and t.flow_id = v_flow_id and t.revision = match_tasks.target_revision
      and t.kind not in ('DEFAULTS', 'OUTPUTS') and not t.is_disabled
  ), changes as materialized (
    select
      ran.execution_id, c.changed_variables, c.changed_inputs, c.changed_defaults, c.changed_labels,
      v_overridden || added.task_ids || replaced.task_ids as changed_outputs
    from (select distinct s.ran_execution_id as execution_id from sources as s) as ran
    cross join lateral reprise_engine.changed_values(
      ran.execution_id, match_tasks.target_revision, match_tasks.inputs, v_labels
    ) as c
    -- What had not run will have outputs now, and what does not run any more will have none.
    cross join (
      select coalesce(array_agg(coalesce(t.id, s.task_id)), '{}') as task_ids
      from targets as t
      full join sources as s on s.task_id = t.id
      where t.id is null or s.task_id is null
    ) as added
    -- What ran in an earlier execution has read what that one shows, which a replay between may have replaced.
    cross join lateral (
      select coalesce(array_agg(was.task_id), '{}') as task_ids
      from reprise_engine.replay_sources(ran.execution_id) as was
      join sources as now on now.task_id = was.task_id and now.iteration_path is not distinct from was.iteration_path
      where ran.execution_id <> v_id and now.attempt_id is distinct from was.attempt_id
    ) as replaced
  ), remembered as (
    -- What an earlier execution had tried, and the original, a replay itself, has not come to.
    select t.id, p.iteration_path, p.attempt_number
    from reprise.replayed_task_runs as p
    join reprise.tasks as t on t.key = p.task_key
    where p.execution_id = v_id
  )
  select coalesce(array_agg(
    row(
      coalesce(t.id, s.task_id), s.iteration_path, null, null, null, null, s.state, t.key, s.task_run_id, s.attempt_id,
      coalesce(s.attempt_number, s.last_attempt_number, m.attempt_number), case when s.attempt_id is not null then s.ran_execution_id end, s.duration_ms,
      case
        when t.key is null or s.task_run_id is null then null
        -- Nearly always nothing that it reads has changed, and to see that is cheap.
        when t.key <> s.ran_task_key
            and t.fingerprint <> (select ran.fingerprint from reprise.tasks as ran where ran.key = s.ran_task_key)
          or t.reads_variables and c.changed_variables <> '{}'
          or t.reads_inputs and (c.changed_inputs <> '{}' or c.changed_defaults <> '{}')
          or t.reads_labels and c.changed_labels <> '{}'
          or c.changed_outputs <> '{}' and (t.reads_task_ids is null or t.reads_task_ids && c.changed_outputs)
        then reprise_engine.changed_keys(
          t.key, s.ran_task_key, c.changed_variables, c.changed_inputs, c.changed_defaults, c.changed_labels, c.changed_outputs
        )
      end,
      t.id = any (v_overridden)
    )::reprise.replay_plan_task
    order by t.position nulls last, s.task_run_id
  ), '{}') into v_tasks
  from targets as t
  full join sources as s on s.task_id = t.id
  left join changes as c on c.execution_id = s.ran_execution_id
  left join remembered as m on m.id = t.id and m.iteration_path is null and s.task_run_id is null;

  return v_tasks;
end;
$$;

comment on function reprise_engine.match_tasks is
  'Lays the task runs of an execution beside the tasks of a revision, in the order of the flow: identity is the task id and the '
  'iteration path. What is only in the execution comes last and has no task_key.';
