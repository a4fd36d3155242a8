create or replace function reprise_engine.find_replay_problems(
  original reprise.executions,
  target_revision integer,
  tasks reprise.replay_plan_task[],
  overrides json
)
returns reprise.replay_problem[]
language sql stable
set search_path = ''
as $$
  with planned as materialized (
    select t.task_id, t.iteration_path, t.disposition, t.task_key, t.because_of, t.is_overridden, t.reason from unnest(find_replay_problems.tasks) as t
  ), removed as (
    -- One row, so that what reads is held against all that is removed at once.
    select jsonb_object_agg(p.task_id, true) as task_ids
    from planned as p
    where p.disposition = 'REMOVED'
    having count(*) > 0
  )
  select coalesce(array_agg(row(found.code, found.message, found.task_id, found.is_blocking)::reprise.replay_problem), '{}')
  from (
    select
      case when f.deleted_at is not null then 'flow_deleted' else 'flow_disabled' end as code,
      format(
        'Flow %s.%s is %s: %s first.', f.namespace, f.id,
        case when f.deleted_at is not null then 'deleted' else 'disabled' end,
        case
          when f.deleted_at is not null then 'save it again'
          when f.is_disabled then 'enable it'
          else format('save revision %s without disabled: true', r.revision)
        end
      ) as message,
      null as task_id,
      true as is_blocking
    from reprise.flows as f
    join reprise.flow_revisions as r
      on r.namespace = f.namespace and r.flow_id = f.id and r.revision = find_replay_problems.target_revision
    where f.namespace = find_replay_problems.original.namespace and f.id = find_replay_problems.original.flow_id
      and (f.deleted_at is not null or f.is_disabled or r.is_disabled)

    union all
    select
      'removed_output_read',
      format('`%s` runs again and reads the outputs of `%s`, which the target revision does not run.', reader.task_id, needed.task_id),
      reader.task_id,
      true
    from removed
    cross join planned as reader
    cross join lateral (select t.reads -> 'needs' as needs from reprise.tasks as t where t.key = reader.task_key offset 0) as t
    cross join lateral jsonb_array_elements_text(t.needs) as needed (task_id)
    where reader.disposition in ('RERUN', 'NEW') and removed.task_ids ? needed.task_id

    union all
    select
      'removed_output_read',
      format('The outputs of the flow read those of `%s`, which the target revision does not run.', needed.task_id),
      null,
      true
    from removed
    join reprise.tasks as t
      on t.namespace = find_replay_problems.original.namespace and t.flow_id = find_replay_problems.original.flow_id
      and t.revision = find_replay_problems.target_revision and t.kind = 'OUTPUTS'
    cross join lateral jsonb_array_elements_text(t.reads -> 'needs') as needed (task_id)
    where removed.task_ids ? needed.task_id

    union all
    select
      'override_not_carried',
      format('The outputs of `%s` cannot be given, since the replay does not carry it.', o.key),
      split_part(o.key, '[', 1),
      true
    from json_object_keys(find_replay_problems.overrides) as o (key)
    where not exists (
      select
      from planned as t
      where t.task_id = split_part(o.key, '[', 1) and o.key in (t.task_id, reprise_engine.override_key(t.task_id, t.iteration_path))
        and (t.disposition in ('CARRIED', 'CARRIED_CHANGED') or t.reason in ('kept', 'until'))
    )

    union all
    select
      'override_of_loop',
      format('`%s` is a loop, and has no outputs of its own: give those of the tasks in it, `TASK["VALUE"]` for one iteration.', loop.id),
      loop.id,
      true
    from (select distinct split_part(o.key, '[', 1) as task_id from json_object_keys(find_replay_problems.overrides) as o (key)) as o
    join reprise.tasks as loop
      on loop.namespace = find_replay_problems.original.namespace and loop.flow_id = find_replay_problems.original.flow_id
      and loop.revision = find_replay_problems.target_revision and loop.id = o.task_id and loop.kind = 'FOR_EACH'

    union all
    select
      'nothing_reached',
      case
        when bool_or(t.reason = 'held_back')
          then format('Nothing would run: everything stands behind `%s`, which failed and is carried. Start there.', min(t.because_of) filter (where t.reason = 'held_back'))
        else 'Nothing would run: what would stands in a branch that was not chosen, or in a loop that had nothing to go through. Start at the block.'
      end,
      coalesce(min(t.because_of) filter (where t.reason = 'held_back'), min(t.because_of)),
      true
    from planned as t
    having bool_or(t.disposition = 'NOT_REACHED') and not bool_or(t.disposition in ('RERUN', 'NEW') or coalesce(t.reason in ('revalued', 'unstopped', 'not_ended'), false))

    union all
    select
      'reads_everything',
      format('`%s` is carried, and may have read every output: it cannot be told whether it would come out the same.', t.task_id),
      t.task_id,
      false
    from planned as t
    where t.disposition in ('CARRIED', 'CARRIED_CHANGED') and not t.is_overridden
      and t.task_key = any (array(
        select carried.key
        from reprise.tasks as carried
        where carried.namespace = find_replay_problems.original.namespace and carried.flow_id = find_replay_problems.original.flow_id
          and carried.revision = find_replay_problems.target_revision and carried.reads_task_ids is null
          and carried.kind <> 'LOOP_OUTPUTS'
      ))

    union all
    select
      'failure_carried',
      format('`%s` failed and is carried: it fails the execution again, unless you start there.', t.task_id),
      t.task_id,
      false
    from planned as t
    where t.disposition = 'CARRIED_FAILED'
  ) as found;
$$;

comment on function reprise_engine.find_replay_problems is
  'What stands in the way of a planned replay, and what to look out for: flow deleted or disabled, outputs read that are gone, outputs given '
  'for what is not carried, failures carried.';
