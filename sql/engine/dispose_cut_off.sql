create or replace function reprise_engine.dispose_cut_off(
  nodes reprise.replay_node[],
  places integer[],
  opened integer[],
  original reprise.executions,
  target_revision integer
)
returns reprise.replay_plan_task[]
language plpgsql stable
set search_path = ''
as $$
declare
  v_after integer[];
  v_tasks reprise.replay_plan_task[];
  v_exit integer;
begin
  with recursive after (place) as (
    select n.ordinality::integer from unnest(nodes) with ordinality as n where n.branch = 'afterExecution' and n.around is null
    union all
    select n.ordinality::integer from after as a join unnest(nodes) with ordinality as n on n.around = a.place
  )
  select coalesce(array_agg(a.place), '{}') into v_after from after as a;

  if original.ended_at is not null and places <> '{}' and places <@ v_after then
    return reprise_engine.carry_end(nodes, v_after, reprise_engine.dispose_tasks(
      -- As if all that comes before were done.
      (
        select array_agg(
          case
            when n.place = any (v_after) or (n.node).task_key is null then n.node
            else jsonb_populate_record(n.node, jsonb_build_object('state', 'SUCCESS', 'task_run_id', coalesce((n.node).task_run_id, 0)))
          end
          order by n.place
        )
        from (select n as node, (row_number() over ())::integer as place from unnest(nodes) as n) as n
      ),
      places, opened, original, target_revision
    ));
  end if;

  v_tasks := reprise_engine.dispose_tasks(nodes, places, opened, original, target_revision);
  select n.ordinality into v_exit
  from unnest(nodes) with ordinality as n
  cross join lateral (select t.type, t.kind from reprise.tasks as t where t.key = n.task_key offset 0) as t
  where n.task_run_id = original.exited_by and not n.is_overridden and (t.kind = 'PAUSE' or t.type like '%.execution.Exit');
  if v_exit is null or (v_tasks[v_exit]).disposition = 'NOT_REACHED' then
    return v_tasks;
  end if;
  return reprise_engine.end_at_exit(nodes, places, v_tasks, v_exit);
end;
$$;

comment on function reprise_engine.dispose_cut_off is
  'As dispose_tasks, for an original that was ended before its time: by an Exit, a cancelled Pause, an SLA, a check, or a retry as a new execution. '
  'A replay from what runs after the execution carries that end; another comes to the Exit or the Pause again.';
