create or replace function reprise_engine.carry_end(
  nodes reprise.replay_node[],
  after integer[],
  tasks reprise.replay_plan_task[]
)
returns reprise.replay_plan_task[]
language sql stable
set search_path = ''
as $$
  select array_agg(
    case
      when t.place = any (carry_end.after) or (t.task).disposition = 'REMOVED' then t.task
      when n.task_run_id is null then row(
        n.task_id, n.iteration_path, 'NOT_REACHED', 'cut_off', null, null, null, n.task_key, null, null, coalesce(n.attempt_number, 0) + 1,
        null, null, null, n.is_overridden, n.iteration, n.around
      )::reprise.replay_plan_task
      else row(
        n.task_id, n.iteration_path, case when n.changed_keys is null or n.is_overridden then 'CARRIED' else 'CARRIED_CHANGED' end,
        case when n.is_overridden then 'overridden' when n.changed_keys is null then 'unchanged' else 'changed' end, null, null, n.state, n.task_key, n.task_run_id, n.attempt_id,
        (t.task).attempt_number, (t.task).execution_id, n.duration_ms, n.changed_keys, n.is_overridden, n.iteration, n.around
      )::reprise.replay_plan_task
    end
    order by t.place
  )
  from (select t as task, (row_number() over ())::integer as place from unnest(carry_end.tasks) as t) as t
  join unnest(carry_end.nodes) with ordinality as n on n.ordinality = t.place;
$$;

comment on function reprise_engine.carry_end is
  'Plans what comes before the tasks that run after an execution as it was: what has run is carried, however it ended, and nothing else is reached.';
