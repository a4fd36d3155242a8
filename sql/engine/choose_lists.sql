create or replace function reprise_engine.choose_lists(task_run_ids bigint[])
returns table (
  id bigint,
  task_key integer,
  kind reprise.task_kind,
  branch text,
  tasks integer,
  width integer,
  concurrent integer,
  tolerated reprise.execution_state,
  attempt_id bigint,
  loop_values jsonb,
  loop_items json,
  iteration_count integer,
  wait_ms double precision,
  is_over boolean,
  is_pausing boolean,
  ending reprise.execution_state
)
language sql stable
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
  select
    chosen.id, chosen.key, chosen.kind, enabled.branch, enabled.count, case when chosen.is_wide then enabled.count else 1 end,
    coalesce(nullif((chosen.outputs ->> 'concurrent')::integer, 0), reprise_engine.concurrency_of(chosen.kind, chosen.type, chosen.definition)),
    reprise_engine.tolerated_in(chosen.type, chosen.definition),
    chosen.attempt_id,
    case when chosen.kind = 'FOR_EACH' then (chosen.outputs -> 'values')::jsonb end,
    case when chosen.kind = 'FOR_EACH' then chosen.outputs -> 'items' end,
    case when chosen.kind = 'LOOP_UNTIL' then coalesce(
      -- The original may have gone on since it was replayed.
      case when chosen.is_carried then loop.iteration_count end,
      chosen.last_iteration, (chosen.outputs ->> 'iterationCount')::integer, loop.iteration_count, 1
    ) end,
    case when chosen.kind = 'LOOP_UNTIL' then (chosen.outputs ->> 'waitMs')::double precision end,
    chosen.kind = 'LOOP_UNTIL' and coalesce((chosen.outputs ->> 'isOver')::boolean, false),
    chosen.kind = 'PAUSE' and not coalesce(chosen.outputs -> 'resumed' is not null, false),
    case
      when chosen.kind = 'PAUSE' then (chosen.outputs #>> '{resumed,to}')::reprise.execution_state
      when chosen.kind = 'SWITCH' and chosen.has_failed then 'FAILED'
    end
  from (
    select
      given.id, t.key, t.kind, t.type, t.definition, a.id as attempt_id, a.outputs, r.carried_attempt_id is not null as is_carried,
      case when a.has_reached then (a.outputs ->> 'iterationCount')::integer - 1 else a.last_iteration end as last_iteration,
      reprise_engine.is_wide(t.kind, t.type) as is_wide,
      a.state = 'FAILED' as has_failed, reprise_engine.chosen_list(t.kind, a.state, a.outputs) as branch
    from unnest(choose_lists.task_run_ids) as given (id)
    cross join lateral (
      select r.task_key, r.attempt_number, r.carried_attempt_id from reprise.task_runs as r where r.id = given.id offset 0
    ) as r
    cross join lateral (select t.key, t.kind, t.type, t.definition from reprise.tasks as t where t.key = r.task_key offset 0) as t
    left join lateral (
      -- Where a maximum has ended it, it shows one more than it had gone through.
      select a.id, a.outputs, a.last_iteration, a.error ->> 'reason' in ('max_iterations_reached', 'max_duration_reached') as has_reached, a.state
      from reprise.attempts as a
      where r.carried_attempt_id is null and a.task_run_id = given.id and a.number = r.attempt_number
      union all
      select a.id, a.outputs, a.last_iteration, a.error ->> 'reason' in ('max_iterations_reached', 'max_duration_reached'), a.state
      from reprise.attempts as a
      where a.id = r.carried_attempt_id
      offset 0
    ) as a on true
  ) as chosen
  cross join lateral (
    -- An iteration of a Loop in which all is disabled begins with its handlers.
    select coalesce(listed.branch, chosen.branch) as branch, coalesce(listed.count, 0) as count
    from (select) as one
    left join lateral (
      select t.branch, count(*)::integer as count
      from reprise.tasks as t
      where t.parent_key = chosen.key and t.lane is not null
        and (t.branch = chosen.branch or chosen.type like '%.flow.Loop' and t.branch in ('finally', 'outputs'))
      group by t.branch
    ) as listed on true
    offset 0
  ) as enabled
  left join lateral (
    select l.iteration_count from reprise.loops as l where l.task_run_id = chosen.id offset 0
  ) as loop on chosen.kind = 'LOOP_UNTIL';
$$;

comment on function reprise_engine.choose_lists is
  'For blocks that are to open: the list that they run, how many enabled tasks it has, how many lanes an iteration, how many of them may '
  'be open at once, which ends in it do not count, and where a worker has just found them, the values of a loop; '
  'of a loop with a condition how often it has gone through its tasks, and whether it waits or is over; whether a Pause begins, or how it has to end, as a Switch that has found no case has to fail.';
