create or replace function reprise_engine.dispose_tasks(
  tasks reprise.replay_plan_task[],
  first_position integer,
  anchors jsonb,
  original reprise.executions,
  target_revision integer
)
returns reprise.replay_plan_task[]
language sql stable
set search_path = ''
as $$
  with placed as (
    select
      t.*,
      t.ordinality >= coalesce(dispose_tasks.first_position, cardinality(dispose_tasks.tasks) + 1) as is_downstream,
      t.state in ('SUCCESS', 'WARNING', 'SKIPPED') or t.is_overridden and t.task_run_id is not null as has_passed
    from unnest(dispose_tasks.tasks) with ordinality as t
  ), judged as (
    select
      p.*,
      case
        when p.task_key is null then 'REMOVED'
        when p.is_downstream then 'RERUN'
        when p.has_passed and (p.changed_keys is null or p.is_overridden) then 'CARRIED'
        when p.has_passed then 'CARRIED_CHANGED'
        when p.task_run_id is null then 'NEW'
        when p.state = 'FAILED' then 'CARRIED_FAILED'
        else 'RERUN'
      end::reprise.disposition as judgement
    from placed as p
  ), failed as (
    select min(j.ordinality) as ordinality from judged as j where j.judgement = 'CARRIED_FAILED'
  ), bounds as materialized (
    -- Subscripts walk through the array: once here, not for each task.
    select
      f.ordinality as failed_at,
      (dispose_tasks.tasks)[f.ordinality].task_id as failed_id,
      (dispose_tasks.tasks)[dispose_tasks.first_position].task_id as first_downstream
    from failed as f
  ), held as (
    select
      j.*,
      -- Nothing runs behind a failure that is carried.
      j.ordinality > b.failed_at and j.judgement in ('RERUN', 'NEW') as is_held,
      b.failed_id,
      b.first_downstream
    from judged as j
    cross join bounds as b
  )
  select coalesce(array_agg(
    row(
      h.task_id,
      h.iteration_path,
      case when h.is_held then 'NOT_REACHED' else h.judgement end,
      case
        when h.judgement = 'REMOVED' then case
          when h.task_id in (
            select t.task_id
            from reprise_engine.tasks_of(dispose_tasks.original, dispose_tasks.target_revision) as t
            where t.is_disabled
          ) then 'disabled'
          else 'removed'
        end
        when h.is_held then 'held_back'
        when h.judgement = 'CARRIED' then case when h.is_overridden then 'overridden' else 'unchanged' end
        when h.judgement = 'CARRIED_CHANGED' then 'changed'
        when h.judgement = 'CARRIED_FAILED' then 'failed'
        when h.judgement = 'NEW' then case
          when h.task_id in (
            select t.task_id
            from reprise_engine.tasks_of(dispose_tasks.original, (dispose_tasks.original).flow_revision) as t
            where not t.is_disabled
          ) then 'not_reached'
          else 'inserted'
        end
        when not h.is_downstream then 'not_ended'
        when exists (
          select from jsonb_array_elements(dispose_tasks.anchors) as a (anchor) where a.anchor ->> 'taskId' = h.task_id
        ) then 'anchor'
        else 'after'
      end,
      case
        when h.judgement = 'REMOVED' then null
        when h.is_held then h.failed_id
        when h.judgement = 'RERUN' and h.is_downstream and h.task_id <> h.first_downstream then h.first_downstream
      end,
      null,
      h.state,
      h.task_key,
      h.task_run_id,
      h.attempt_id,
      case
        when h.judgement in ('RERUN', 'NEW') or h.judgement = 'CARRIED' and h.is_overridden then coalesce(h.attempt_number, 0) + 1
        else h.attempt_number
      end,
      h.execution_id,
      h.duration_ms,
      h.changed_keys,
      h.is_overridden
    )::reprise.replay_plan_task
    order by h.ordinality
  ), '{}')
  from held as h;
$$;

comment on function reprise_engine.dispose_tasks is
  'Says for each task what a replay from this place does with it: everything from there on runs again, what has ended before it is carried, '
  'what had not ended runs too, and nothing runs behind a failure that is carried.';
