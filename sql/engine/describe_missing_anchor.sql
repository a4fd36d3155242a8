create or replace function reprise_engine.describe_missing_anchor(original reprise.executions, anchor reprise.anchor)
returns reprise.replay_problem
language plpgsql stable
set search_path = ''
as $$
declare
  v_task_id text := anchor.task_id;
begin
  if anchor.anchor = 'failed' then
    return row('nothing_failed', 'No task run of this execution failed or was killed: choose another anchor.', null, true)::reprise.replay_problem;
  elsif anchor.anchor = 'auto' then
    return row(
      'nothing_to_replay',
      'There is nothing to replay: no task run failed, and the target revision changes none of the tasks. Choose an anchor.',
      null, true
    )::reprise.replay_problem;
  end if;

  if anchor.task_run_id is not null then
    select t.id into v_task_id
    from reprise.task_runs as r
    join reprise.tasks as t on t.key = r.task_key
    where r.id = anchor.task_run_id and r.execution_id = original.id;

    if v_task_id is null then
      return row(
        'anchor_not_in_execution', format('Task run %s is not in execution %s.', anchor.task_run_id, original.id), null, true
      )::reprise.replay_problem;
    end if;
  end if;

  return row(
    'anchor_not_in_revision',
    format(
      'The target revision has no task `%s`%s: choose another anchor or another revision.', v_task_id,
      case when anchor.iteration_path is not null then format(' in iteration %s', to_jsonb(anchor.iteration_path)) else '' end
    ),
    v_task_id, true
  )::reprise.replay_problem;
end;
$$;

comment on function reprise_engine.describe_missing_anchor is 'Why an anchor leads nowhere.';
