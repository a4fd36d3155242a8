create or replace function reprise_engine.find_removed_reads(original reprise.executions, target_revision integer, tasks reprise.replay_plan_task[])
returns reprise.replay_problem[]
language sql stable
set search_path = ''
as $$
  with planned as materialized (
    select t.* from unnest(find_removed_reads.tasks) as t
  ), gone as (
    -- What had run, and stands where nothing comes to now, is as good as removed.
    select p.task_id
    from planned as p
    group by p.task_id
    having bool_and(p.disposition = 'REMOVED' or p.disposition = 'NOT_REACHED' and p.reason = 'not_chosen' and p.task_run_id is not null)
  ), removed as (
    -- One row, so that what reads is held against all that is removed at once.
    select jsonb_object_agg(g.task_id, true) as task_ids from gone as g having count(*) > 0
  )
  select array(
    select row(
      'removed_output_read',
      format('`%s` runs again and reads the outputs of `%s`, which the target revision does not run.', reader.task_id, needed.task_id),
      reader.task_id, true
    )::reprise.replay_problem
    from removed
    cross join planned as reader
    cross join lateral (select t.reads -> 'needs' as needs from reprise.tasks as t where t.key = reader.task_key offset 0) as t
    cross join lateral jsonb_array_elements_text(t.needs) as needed (task_id)
    where reader.disposition in ('RERUN', 'NEW') and removed.task_ids ? needed.task_id
  ) || array(
    select row(
      'removed_output_read',
      format('The outputs of the flow read those of `%s`, which the target revision does not run.', needed.task_id),
      null, true
    )::reprise.replay_problem
    from removed
    join reprise.tasks as t
      on t.namespace = find_removed_reads.original.namespace and t.flow_id = find_removed_reads.original.flow_id
      and t.revision = find_removed_reads.target_revision and t.kind = 'OUTPUTS'
    cross join lateral jsonb_array_elements_text(t.reads -> 'needs') as needed (task_id)
    where removed.task_ids ? needed.task_id
  );
$$;

comment on function reprise_engine.find_removed_reads is 'What runs again in a replay, or renders its outputs, and reads what the target revision does not run.';
