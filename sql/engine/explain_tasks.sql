create or replace function reprise_engine.explain_tasks(tasks reprise.replay_plan_task[])
returns reprise.replay_plan_task[]
language sql stable
set search_path = ''
as $$
  with planned as materialized (
    select t.* from unnest(explain_tasks.tasks) with ordinality as t
  ), special as materialized (
    select k.key, k.kind
    from reprise.tasks as k
    where k.key = any (array(select distinct p.task_key from planned as p)) and (k.kind = 'LOOP_OUTPUTS' or reprise_engine.needs_no_worker(k.kind))
  ), steps as materialized (
    -- What renders the outputs of iterations is no task of the flow, and is shown nowhere.
    select s.key from special as s where s.kind = 'LOOP_OUTPUTS'
  ), removed_steps as (
    select p.ordinality
    from planned as p
    join reprise.task_runs as r on r.id = p.task_run_id
    join reprise.tasks as k on k.key = r.task_key and k.kind = 'LOOP_OUTPUTS'
    where p.task_key is null
  ), shown as materialized (
    select p.*, (row_number() over (order by p.ordinality))::integer as place
    from planned as p
    where p.ordinality not in (select s.ordinality from removed_steps as s) and coalesce(p.task_key not in (select s.key from steps as s), true)
  )
  select coalesce(array_agg(row(
    t.task_id, t.iteration_path, t.disposition, t.reason, t.because_of,
    reprise_engine.explain_disposition(t.reason, t.because_of, t.changed_keys, coalesce(t.attempt_number > 1, t.task_run_id is not null)),
    t.state, t.task_key, t.task_run_id, t.attempt_id,
    -- What needs no worker has one attempt, for which nothing is stored.
    case when t.task_key in (select s.key from special as s) then 1 else t.attempt_number end, t.execution_id, t.duration_ms, t.changed_keys, t.is_overridden, t.iteration,
    block.place
  )::reprise.replay_plan_task order by t.ordinality), '{}')
  from shown as t
  left join shown as block on block.ordinality = t.around;
$$;

comment on function reprise_engine.explain_tasks is
  'Planned tasks as people see them: with the sentences, and without the steps that are no tasks of the flow.';
