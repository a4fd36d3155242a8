create or replace function reprise_engine.describe_missing_anchor(
  original reprise.executions,
  target_revision integer,
  anchor reprise.anchor
)
returns reprise.replay_problem
language plpgsql stable
set search_path = ''
as $$
declare
  v_task_id text := anchor.task_id;
  v_failed text;
  v_named record;
  v_path text[] := anchor.iteration_path;
  v_is_enabled boolean;
  v_loops integer;
  v_such text[];
begin
  if anchor.anchor in ('failed', 'auto') then
    select string_agg(format('`%s`', t.id), ', ' order by t.position) into v_failed
    from reprise.task_runs as r
    join reprise.tasks as t on t.key = r.task_key
    where r.execution_id = original.id and r.state in ('FAILED', 'KILLED', 'RETRIED') and t.kind not in ('DEFAULTS', 'OUTPUTS')
      and t.id not in (
        select target.task_id from reprise_engine.tasks_of(original.namespace, original.flow_id, target_revision) as target where not target.is_disabled
      );

    return row(
      case
        when anchor.anchor = 'auto' then 'nothing_to_replay'
        when v_failed is null then 'nothing_failed'
        else 'anchor_not_in_revision'
      end,
      case
        when anchor.anchor = 'failed' and v_failed is null then
          'No task run of this execution failed or was killed: choose another anchor.'
        when anchor.anchor = 'failed' then
          format('What failed is not in the target revision: %s. Choose another anchor or another revision.', v_failed)
        when v_failed is null then
          'There is nothing to replay: no task run failed, and the target revision changes none of the tasks. Choose an anchor.'
        else format(
          'There is nothing to replay: what failed is not in the target revision (%s), which changes no other task. Choose an anchor.',
          v_failed
        )
      end,
      null, true
    )::reprise.replay_problem;
  end if;

  if anchor.task_run_id is not null then
    select t.id, t.kind in ('DEFAULTS', 'OUTPUTS') as is_system_step, r.iteration_path as path into v_named
    from reprise.task_runs as r
    join reprise.tasks as t on t.key = r.task_key
    where r.id = anchor.task_run_id and r.execution_id = original.id;

    if v_named.id is null or v_named.is_system_step then
      return row(
        'anchor_not_in_execution',
        case
          when v_named.is_system_step then format('Task run %s is a step of the engine: choose a task of the flow.', anchor.task_run_id)
          else format('Task run %s is not in execution %s.', anchor.task_run_id, original.id)
        end,
        null, true
      )::reprise.replay_problem;
    end if;
    v_task_id := v_named.id;
    v_path := v_named.path;
  end if;

  v_is_enabled := exists (
    select from reprise_engine.tasks_of(original.namespace, original.flow_id, target_revision) as t where t.task_id = v_task_id and not t.is_disabled
  );
  if v_is_enabled then
    -- Whoever forgets that it stands in a loop, or that it does not any more, or takes another value, is shown one.
    select target.loops, case when target.loops > 0 then r.iteration_path else '{}' end into v_loops, v_such
    from reprise.task_runs as r
    join reprise.tasks as t on t.key = r.task_key
    cross join (
      select reprise_engine.count_loops_around(v, v_task_id) as loops
      from reprise.flow_revisions as v
      where v.namespace = original.namespace and v.flow_id = original.flow_id and v.revision = target_revision
    ) as target
    where r.execution_id = original.id and t.id = v_task_id
      and (target.loops = 0 or cardinality(r.iteration_path) = target.loops and r.iteration_path is distinct from v_path)
    order by r.id
    limit 1;
  end if;

  return row(
    'anchor_not_in_revision',
    case
      when v_loops > 0 and v_path is null then format(
        'Task `%s` runs once for each value of the loop%s around it: name the iteration, such as task:%s%s, or with --value on the command line.',
        v_task_id, case when v_loops > 1 then 's' else '' end, v_task_id, to_jsonb(v_such)
      )
      when v_loops = 0 and anchor.iteration_path is not null then format(
        'Task `%s` stands in no loop of the target revision, and has no iterations: name it alone, as task:%s.', v_task_id, v_task_id
      )
      else format(
        'The target revision %s task `%s`%s: choose another anchor or another revision%s.',
        case
          when v_is_enabled then 'has no such iteration of'
          when exists (select from reprise_engine.tasks_of(original.namespace, original.flow_id, target_revision) as t where t.task_id = v_task_id) then 'disables'
          else 'has no'
        end,
        v_task_id,
        case when anchor.iteration_path is not null then format(' in iteration %s', to_jsonb(anchor.iteration_path)) else '' end,
        case when v_loops is not null then format(', such as task:%s%s', v_task_id, case when v_loops > 0 then to_jsonb(v_such) end) else '' end
      )
    end,
    v_task_id, true
  )::reprise.replay_problem;
end;
$$;

comment on function reprise_engine.describe_missing_anchor is 'Why an anchor leads nowhere.';
