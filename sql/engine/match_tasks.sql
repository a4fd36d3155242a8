create or replace function reprise_engine.match_tasks(
  original reprise.executions,
  target_revision integer,
  inputs jsonb,
  overrides jsonb
)
returns reprise.replay_plan_task[]
language sql stable
set search_path = ''
as $$
  select coalesce(array_agg(matched.planned order by matched.position nulls last, matched.task_run_id), '{}')
  from (
    select
      t.position,
      s.task_run_id,
      row(
        coalesce(t.id, s.task_id),
        s.iteration_path,
        null,
        null,
        null,
        null,
        s.state,
        t.key,
        s.task_run_id,
        s.attempt_id,
        coalesce(s.attempt_number, s.last_attempt_number),
        case when s.attempt_id is not null then s.ran_execution_id end,
        s.duration_ms,
        case
          when t.key is null or s.task_run_id is null then null
          when t.key = s.ran_task_key and coalesce(s.ran_execution_id = match_tasks.original.id, true)
            and match_tasks.inputs = match_tasks.original.inputs and match_tasks.overrides = '{}' then null
          else nullif(
            reprise_engine.changed_keys(
              t.key, s.ran_task_key, s.ran_execution_id, match_tasks.inputs, match_tasks.overrides
            ),
            '{}'
          )
        end,
        match_tasks.overrides ? t.id
      )::reprise.replay_plan_task as planned
    from (
      select t.key, t.id, t.position
      from reprise.tasks as t
      where t.namespace = match_tasks.original.namespace and t.flow_id = match_tasks.original.flow_id
        and t.revision = match_tasks.target_revision
        and t.kind not in ('DEFAULTS', 'OUTPUTS') and not t.is_disabled
    ) as t
    full join reprise_engine.replay_sources(match_tasks.original.id) as s on s.task_id = t.id
  ) as matched;
$$;

comment on function reprise_engine.match_tasks is
  'Lays the task runs of an execution beside the tasks of a revision, in the order of the flow: identity is the task id and the '
  'iteration path. What is only in the execution comes last and has no task_key.';
