create or replace function reprise_engine.count_lanes(
  block_id bigint,
  kind reprise.task_kind,
  attempt_id bigint,
  width integer,
  tasks integer,
  loop_values jsonb,
  tolerated reprise.execution_state,
  is_done boolean
)
returns table (lanes integer, numbers integer[], gravity integer)
language sql stable -- and without settings, so that it is inlined where it is called
as $$
  select
    case
      -- A WorkingDirectory has run its tasks already: what is left are its handlers.
      when count_lanes.is_done or count_lanes.kind = 'WORKING_DIRECTORY' then 0
      when begun.numbers is not null then cardinality(begun.numbers) - case when count_lanes.kind = 'DAG' then inside.ended else 0 end
      when count_lanes.kind = 'DAG' then count_lanes.tasks - coalesce(inside.ended, 0)
      when count_lanes.kind <> 'FOR_EACH' then count_lanes.width
      when count_lanes.loop_values is not null then count_lanes.width * jsonb_array_length(count_lanes.loop_values)
      else count_lanes.width * (select count(*)::integer from reprise.iterations as i where i.attempt_id = count_lanes.attempt_id)
    end,
    begun.numbers, inside.gravity
  from (
    -- One that opens again has in it what has ended before.
    select
      max(reprise_engine.gravity(case when r.state = 'SKIPPED' then 'SUCCESS' else r.state::text::reprise.execution_state end)) as gravity,
      count(*)::integer as ended
    from reprise.task_runs as r
    cross join lateral (select t.is_handler from reprise.tasks as t where t.key = r.task_key offset 0) as t
    where r.parent_id = count_lanes.block_id and not t.is_handler and reprise_engine.is_terminal(r.state::text)
      -- Of a loop that has found its values anew only what still is among them counts.
      and (count_lanes.loop_values is null or count_lanes.loop_values ? r.iteration_path[cardinality(r.iteration_path)])
    offset 0
  ) as inside
  cross join lateral (
    -- Behind a failure that a replay carries only those lanes run that had begun in the original.
    select case
      when inside.gravity >= reprise_engine.gravity('FAILED') and count_lanes.kind in ('PARALLEL', 'DAG', 'FOR_EACH')
          and count_lanes.tolerated is distinct from 'KILLED' and count_lanes.loop_values is null
        then reprise_engine.find_begun_lanes(
          count_lanes.block_id, count_lanes.width, case when count_lanes.kind = 'FOR_EACH' then count_lanes.attempt_id end
        )
    end as numbers
    offset 0
  ) as begun;
$$;

comment on function reprise_engine.count_lanes is
  'How many lanes a block has to run as it opens: numbers says which, where not all, and gravity how bad what has ended in it before is. '
  'is_done: there is nothing to run in it, or any more.';
