create or replace function reprise_engine.find_replay_problems(
  original reprise.executions,
  target_revision integer,
  tasks reprise.replay_plan_task[],
  overrides jsonb
)
returns reprise.replay_problem[]
language sql stable
set search_path = ''
as $$
  -- One row, so that what reads is held against all that is removed at once.
  with removed as (
    select coalesce(jsonb_object_agg(t.task_id, true), '{}') as task_ids
    from unnest(find_replay_problems.tasks) as t
    where t.disposition = 'REMOVED'
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
    from unnest(find_replay_problems.tasks) as reader
    join reprise.tasks as t on t.key = reader.task_key
    cross join lateral jsonb_array_elements_text(t.reads -> 'needs') as needed (task_id)
    cross join removed
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
      o.key,
      true
    from jsonb_object_keys(find_replay_problems.overrides) as o (key)
    where not exists (
      select
      from unnest(find_replay_problems.tasks) as t
      where t.task_id = o.key and t.disposition in ('CARRIED', 'CARRIED_CHANGED')
    )

    union all
    select
      'nothing_reached',
      format('Nothing would run: everything stands behind `%s`, which failed and is carried. Start there.', min(t.because_of)),
      min(t.because_of),
      true
    from unnest(find_replay_problems.tasks) as t
    having bool_or(t.disposition = 'NOT_REACHED') and not bool_or(t.disposition in ('RERUN', 'NEW'))

    union all
    select
      'reads_everything',
      format('`%s` is carried, and may have read every output: it cannot be told whether it would come out the same.', t.task_id),
      t.task_id,
      false
    from unnest(find_replay_problems.tasks) as t
    join reprise.tasks as carried on carried.key = t.task_key
    where t.disposition in ('CARRIED', 'CARRIED_CHANGED') and not t.is_overridden and (carried.reads ->> 'all')::boolean

    union all
    select
      'failure_carried',
      format('`%s` failed and is carried: it fails the execution again, unless you start there.', t.task_id),
      t.task_id,
      false
    from unnest(find_replay_problems.tasks) as t
    where t.disposition = 'CARRIED_FAILED'
  ) as found;
$$;

comment on function reprise_engine.find_replay_problems is
  'What stands in the way of a planned replay, and what to look out for: flow deleted or disabled, outputs read that are gone, outputs given '
  'for what is not carried, failures carried.';
