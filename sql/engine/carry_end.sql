create or replace function reprise_engine.carry_end(
  nodes reprise.replay_node[],
  after integer[],
  tasks reprise.replay_plan_task[]
)
returns reprise.replay_plan_task[]
language sql stable
set search_path = ''
set enable_nestloop = off -- everything here is a set, and a wrong guess at its size would make it a square
as $$
  with recursive node as materialized (
    select n.*, n.ordinality::integer as place from unnest(carry_end.nodes) with ordinality as n
  ), held (place, state) as (
    select b.place, n.state
    from node as n
    join node as b on b.place = n.around
    where n.task_run_id is not null and b.task_run_id is null
    union
    select b.place, h.state
    from held as h
    join node as n on n.place = h.place
    join node as b on b.place = n.around
    where b.task_run_id is null
  ), wraps as materialized (
    -- What the target revision has put around what has run has ended as that has.
    select
      h.place,
      reprise_engine.verdict_of(max(reprise_engine.gravity(
        case h.state when 'SKIPPED' then 'SUCCESS' else h.state::text end::reprise.execution_state
      )))::text::reprise.task_run_state as state
    from held as h
    group by h.place
  )
  select array_agg(
    case
      when t.place = any (carry_end.after) or (t.task).disposition = 'REMOVED' then t.task
      when w.place is not null then row(
        n.task_id, n.iteration_path, 'CARRIED', 'wraps', null, null, w.state, n.task_key, null, null, null, null, null, null, false, n.iteration, n.around
      )::reprise.replay_plan_task
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
  join node as n on n.place = t.place
  left join wraps as w on w.place = t.place;
$$;

comment on function reprise_engine.carry_end is
  'Plans what comes before the tasks that run after an execution as it was: what has run is carried, however it ended, with what the target revision '
  'has put around it, and nothing else is reached.';
