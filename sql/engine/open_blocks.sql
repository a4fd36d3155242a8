create or replace function reprise_engine.open_blocks(
  task_run_ids bigint[],
  out openings reprise.opening[],
  out ended bigint[]
)
language plpgsql volatile
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
declare
  v_now timestamptz := reprise_engine.clock();
  v_opened record;
begin
  with chosen as materialized (
    select * from reprise_engine.choose_lists(open_blocks.task_run_ids)
  ), looped as (
    insert into reprise.iterations (attempt_id, number, value, item)
    select c.attempt_id, v.place - 1, v.value, v.item
    from chosen as c
    cross join lateral rows from (
      jsonb_array_elements_text(c.loop_values), json_array_elements_text(c.loop_items)
    ) with ordinality as v (value, item, place)
  ), taken as (
    -- These are not outputs: nobody reads them from there.
    update reprise.attempts as a
    set
      outputs = nullif(a.outputs::jsonb - '{values,items,waitMs,isOver,concurrent}'::text[], '{}')::json,
      -- It shows a further iteration already, which may never begin.
      last_iteration = case
        when a.outputs -> 'isOver' is not null then (select l.iteration_count from reprise.loops as l where l.task_run_id = a.task_run_id)
        when a.outputs -> 'waitMs' is not null then (a.outputs ->> 'iterationCount')::integer - 1
      end
    where a.id = any (array(
      select c.attempt_id from chosen as c where c.loop_values is not null or c.wait_ms is not null or c.is_over or c.kind in ('PARALLEL', 'DAG') and c.attempt_id is not null
    ))
  ), counted as (
    insert into reprise.loops (task_run_id, iteration_count, began_at, due_at)
    select c.id, c.iteration_count, v_now, v_now + c.wait_ms * interval '1 millisecond'
    from chosen as c
    where c.kind = 'LOOP_UNTIL' and c.tasks > 0 and not c.is_over
    on conflict on constraint loops_pkey do update set iteration_count = excluded.iteration_count, due_at = excluded.due_at
  ), over as (
    delete from reprise.loops as l
    where l.task_run_id = any (array(select c.id from chosen as c where c.is_over))
  ), made as (
    insert into reprise.blocks (task_run_id, branch, attempt_id, lanes, lane_numbers, width, concurrent, wave, tolerated, verdict)
    select
      c.id, c.branch, c.attempt_id, l.lanes, l.numbers, greatest(c.width, 1), c.concurrent,
      case
        when c.kind in ('PARALLEL', 'FOR_EACH') and c.concurrent is null and l.lanes > reprise_engine.first_wave()
          and reprise_engine.is_untouched(c.id)
        then reprise_engine.first_wave()
      end,
      c.tolerated,
      coalesce(
        reprise_engine.verdict_of(case
          when c.wait_ms is not null then null
          when l.gravity <= reprise_engine.gravity(c.tolerated) then reprise_engine.gravity(c.ending)
          else greatest(l.gravity, reprise_engine.gravity(c.ending))
        end), 'SUCCESS'
      )
    from chosen as c
    cross join lateral reprise_engine.count_lanes(
      c.id, c.kind, c.attempt_id, c.width, c.tasks, c.loop_values, c.tolerated, c.tasks = 0 or c.is_over or coalesce(c.ending = 'FAILED', false)
    ) as l
    where not c.is_pausing
    returning task_run_id, lanes, wave
  )
  select
    coalesce(array_agg(m.task_run_id order by m.task_run_id) filter (where m.lanes > 0 and c.wait_ms is null), '{}') as full,
    coalesce(array_agg(m.task_run_id order by m.task_run_id) filter (where m.lanes = 0), '{}') as empty,
    coalesce(array_agg(c.id order by c.id) filter (where c.is_pausing), '{}') as pausing,
    array_agg(c.id) filter (where m.wave is not null) as wide,
    array_agg(c.id order by c.id) filter (where m.lanes > 0 and c.wait_ms <= 0) as unwaiting,
    array_agg(c.id) filter (
      where c.loop_values is not null and exists (select from reprise.task_runs as r where r.parent_id = c.id)
    ) as revalued
  into v_opened
  from chosen as c
  left join made as m on m.task_run_id = c.id;

  openings := '{}';
  ended := '{}';
  if v_opened.revalued is not null then
    perform reprise_engine.match_iterations(v_opened.revalued);
  end if;
  if v_opened.pausing <> '{}' then
    openings := reprise_engine.pause_task_runs(v_opened.pausing);
  end if;
  if v_opened.wide is not null then
    perform reprise_engine.enqueue_waves(v_opened.wide);
  end if;
  if v_opened.unwaiting is not null then
    -- What does not wait goes on at once, unless it would wait for whoever is replaying it: such a one is woken like the others.
    perform reprise_engine.wake_loops(array(
      select r.id
      from unnest(v_opened.unwaiting) as given (id)
      cross join lateral (select r.id, r.execution_id from reprise.task_runs as r where r.id = given.id offset 0) as r
      cross join lateral (select from reprise.executions as e where e.id = r.execution_id for update skip locked) as e
    ));
  end if;
  if v_opened.full <> '{}' then
    openings := openings || reprise_engine.begin_lanes(v_opened.full);
  end if;
  if v_opened.empty <> '{}' then
    select open_blocks.openings || l.openings, l.ended into openings, ended from reprise_engine.leave_blocks(v_opened.empty) as l;
  end if;
end;
$$;

comment on function reprise_engine.open_blocks is
  'Blocks begin to run the list that they have chosen: its lanes are counted, the values of a loop written down, and as many lanes begun '
  'as may be. A block without anything to run ends at once, a loop whose condition does not hold waits for '
  'its next iteration, and a Pause to be resumed.';
