create or replace function reprise_engine.end_at_exit(
  nodes reprise.replay_node[],
  places integer[],
  tasks reprise.replay_plan_task[],
  exit_place integer
)
returns reprise.replay_plan_task[]
language plpgsql stable
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_nestloop = off -- everything here is a set, and a wrong guess at its size would make it a square
as $$
declare
  v_line integer[] := exit_place || reprise_engine.find_around(nodes, array[exit_place]);
  v_dependents integer[] := reprise_engine.find_dependents(nodes, v_line);
  v_anchored integer[] := places || reprise_engine.find_around(nodes, places);
  -- An anchor behind another begins only when that has ended.
  v_first integer[] := reprise_engine.find_foremost(nodes, places);
  v_id text := (nodes[exit_place]).task_id;
  -- The loop around it that asks for its values anew.
  v_finder text := (select nodes[max(l.place)].task_id from unnest(v_line) as l (place) where (tasks[l.place]).reason = 'revalued');
  v_is_pause boolean := (nodes[exit_place]).kind = 'PAUSE';
  -- An Exit ends it again, unless it runs behind something that may turn out otherwise; and whoever resumes a Pause may let it go on this time.
  v_is_sure boolean := not v_is_pause and (
    (tasks[exit_place]).disposition in ('CARRIED', 'CARRIED_CHANGED', 'CARRIED_FAILED')
    or (tasks[exit_place]).disposition = 'RERUN' and (tasks[exit_place]).reason = 'not_ended'
    -- It ends it before the loop around it could go on.
    or (tasks[exit_place]).reason = 'until' and v_finder is null
  );
  -- Behind it in its own list nothing comes in any case: what fails before it ends that list too.
  v_is_met boolean := not v_is_pause and (tasks[exit_place]).disposition in ('RERUN', 'NEW') and not exists (
    select from reprise.tasks as t where t.key = (nodes[exit_place]).task_key and t.definition -> 'runIf' is not null
  );
  v_loops text[] := array(select n.task_id from unnest(nodes) with ordinality as n where n.ordinality = any (v_line) and n.kind = 'FOR_EACH');
  -- One that is not sure to, in a LoopUntil, may when that goes on: behind and beside it is what is so of the loop, with what handles the loop's end.
  v_until integer := (
    select max(l.place)
    from unnest(v_line) as l (place)
    where not v_is_sure and (tasks[exit_place]).reason = 'until' and nodes[l.place].task_id = (tasks[exit_place]).because_of
  );
  v_inside integer[] := array(select l.place from unnest(v_line) as l (place) where l.place > v_until);
  -- There it runs again if its own value is still among them.
  v_is_kept boolean := not v_is_pause and v_finder is not null and (tasks[exit_place]).reason in ('kept', 'until');
  v_tasks reprise.replay_plan_task[];
begin
  with recursive node as materialized (
    select n.*, n.ordinality::integer as place from unnest(nodes) with ordinality as n
  ), numbers as materialized (
    -- Of a loop that goes through other values now these tell what comes first.
    select l.place as around, w.value, w.number
    from node as l
    join reprise.tasks as k on k.key = l.task_key
    cross join lateral unnest(reprise_engine.written_values(k.definition)) with ordinality as w (value, number)
    where l.place = any (v_line) and l.kind = 'FOR_EACH' and (tasks[l.place]).reason = 'rewritten'
  ), way (place, is_behind, is_next, is_anchored, is_reached) as (
    -- In each list from the top down to the Exit, and in the lists of handlers beside it: what stands behind it, and what beside.
    select
      n.place, said.is_behind, said.is_behind and n.branch = l.branch and l.place = exit_place and not l.is_wide and n.iteration is not distinct from l.iteration,
      n.place = any (v_anchored), n.task_run_id is not null
    from node as l
    join node as n on coalesce(n.around, 0) = coalesce(l.around, 0)
    left join node as block on block.place = n.around
    left join numbers as own on own.around = l.around and own.value = l.iteration_path[cardinality(l.iteration_path)]
    left join numbers as other on other.around = n.around and other.value = n.iteration_path[cardinality(n.iteration_path)]
    cross join lateral (
      select case when n.iteration is distinct from l.iteration then other.number > own.number end as is_later
    ) as value
    cross join lateral (
      select case
        when n.branch = l.branch then
          case
            when not l.is_wide and n.iteration is not distinct from l.iteration or block.is_serial
              then case when coalesce(value.is_later, n.place > l.place) then true end
            else n.place = any (v_dependents)
          end
        when n.lane >= 0 and n.lane <> l.lane then case when not block.is_serial then false when coalesce(value.is_later, n.lane > l.lane) then true end
        when n.branch not in ('errors', 'finally', 'outputs') then null
        when n.place > l.place then true
      end as is_behind
    ) as said
    where l.place = any (v_line) and n.place <> all (v_line) and said.is_behind is not null
      and (l.place <> all (v_inside) or n.around = v_until and n.branch <> l.branch)
    union all
    select n.place, w.is_behind, w.is_next, w.is_anchored, w.is_reached from way as w join node as n on n.around = w.place
  ), told as (
    select
      t.task, t.ordinality, n.kind, n.attempt_number as last_attempt_number,
      case
        when n.place = exit_place and v_is_sure then 'RERUN'
        when n.place = exit_place and v_is_kept then 'UNKNOWN'
        when n.place = any (v_line) then case when n.place <> exit_place and (v_is_sure or v_is_kept and t.reason in ('kept', 'until')) then 'REOPENED' end
        when n.around = any (v_line) and v_is_sure and t.reason = 'inside' then t.disposition::text
        when t.disposition in ('CARRIED', 'CARRIED_CHANGED', 'CARRIED_FAILED', 'REMOVED') then null
        -- Iterations that the Exit had come before may begin beside it this time.
        when t.disposition = 'NOT_REACHED' and w.is_behind is not true and not (v_is_sure and t.reason = 'not_chosen' and coalesce(t.because_of = any (v_loops), false)) then null
        when w.is_behind then case when v_is_sure or v_is_met and w.is_next then 'NOT_REACHED' when t.disposition in ('RERUN', 'NEW') then 'UNKNOWN' end
        when w.place is null or v_is_pause then null
        -- What was stopped beside it stays so, unless the replay starts there; how far branches come is a matter of time.
        when w.is_anchored or not v_is_sure then case when t.disposition in ('RERUN', 'NEW') and n.place <> all (v_first) then 'UNKNOWN' end
        when n.task_run_id is null then case when w.is_reached then 'NOT_REACHED' else 'UNKNOWN' end
        when reprise_engine.is_terminal(n.state::text) then case when n.changed_keys is null then 'CARRIED' else 'CARRIED_CHANGED' end
      end::reprise.disposition as fate,
      w.is_behind
    from (select t as task, row_number() over () as ordinality, t.disposition, t.reason, t.because_of from unnest(tasks) as t) as t
    join node as n on n.place = t.ordinality
    left join way as w on w.place = n.place
  )
  select array_agg(case when said.fate is null or (said.task).disposition = 'REOPENED' and said.fate = 'REOPENED'
      and (said.kind not in ('LOOP_UNTIL', 'FOR_EACH') or (said.task).reason in ('revalued', 'rewritten')) then said.task else row(
    (said.task).task_id, (said.task).iteration_path, said.fate,
    case
      when said.fate = 'RERUN' then 'exits'
      when said.fate = 'REOPENED' then 'around_exit'
      when said.fate = 'NOT_REACHED' then 'exited'
      when said.fate = 'UNKNOWN' then case when said.is_behind or said.ordinality = exit_place then 'decided' else 'raced' end
      when said.fate = 'CARRIED' then 'unchanged'
      else 'changed'
    end,
    case
      when said.ordinality = exit_place then case when v_is_kept then v_finder end
      when said.fate in ('REOPENED', 'NOT_REACHED', 'UNKNOWN') then v_id
    end,
    null, (said.task).state, (said.task).task_key, (said.task).task_run_id, (said.task).attempt_id,
    case
      -- A loop does not come to its end, nor to its condition.
      when said.fate in ('RERUN', 'UNKNOWN', 'NOT_REACHED') then coalesce(said.last_attempt_number, 0) + 1
      else said.last_attempt_number
    end,
    (said.task).execution_id, (said.task).duration_ms, (said.task).changed_keys, (said.task).is_overridden, (said.task).iteration, (said.task).around
  )::reprise.replay_plan_task end order by said.ordinality) into v_tasks
  from told as said;
  return v_tasks;
end;
$$;

comment on function reprise_engine.end_at_exit is
  'What a planned replay does where an Exit, or a Pause that was cancelled, had ended the original: an Exit that would be carried runs '
  'again, in the blocks around it, nothing is reached behind it, and what was stopped beside it stays as it is. Where it runs again anyway, it decides what does behind it.';
