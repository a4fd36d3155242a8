create or replace function reprise_engine.explain_tasks(tasks reprise.replay_plan_task[])
returns reprise.replay_plan_task[]
language sql stable
set search_path = ''
as $$
  select coalesce(array_agg(row(
    t.task_id, t.iteration_path, t.disposition, t.reason, t.because_of,
    reprise_engine.explain_disposition(t.reason, t.because_of, t.changed_keys, t.attempt_number > 1),
    t.state, t.task_key, t.task_run_id, t.attempt_id, t.attempt_number, t.execution_id, t.duration_ms, t.changed_keys, t.is_overridden, t.iteration,
    t.around
  )::reprise.replay_plan_task order by t.ordinality), '{}')
  from unnest(explain_tasks.tasks) with ordinality as t;
$$;

comment on function reprise_engine.explain_tasks is 'Adds the sentences to planned tasks.';
