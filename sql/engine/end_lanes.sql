create or replace function reprise_engine.end_lanes(
  block_ids bigint[],
  states reprise.task_run_state[],
  is_over boolean[],
  stops boolean[],
  pending reprise.opening[],
  out openings reprise.opening[],
  out ended bigint[]
)
language plpgsql volatile
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set enable_nestloop = off
as $$
declare
  v_told record;
begin
  with told as (
    update reprise.blocks as b
    set
      open_lanes = b.open_lanes - said.over,
      is_stopped = b.is_stopped or said.stops and b.tolerated is distinct from 'KILLED',
      verdict = case
        when said.gravity > greatest(reprise_engine.gravity(b.verdict), reprise_engine.gravity(b.tolerated))
          then reprise_engine.verdict_of(said.gravity)
        else b.verdict
      end
    from (
      select
        given.block_id,
        count(*) filter (where given.is_over)::integer as over,
        bool_or(given.stops) as stops,
        max(reprise_engine.gravity(case when given.state = 'SKIPPED' then 'SUCCESS' else given.state::text::reprise.execution_state end)) as gravity
      from unnest(end_lanes.block_ids, end_lanes.states, end_lanes.is_over, end_lanes.stops)
        as given (block_id, state, is_over, stops)
      group by given.block_id
    ) as said
    where b.task_run_id = any (end_lanes.block_ids) and b.task_run_id = said.block_id
    -- Without a limit, all lanes have begun before anything could fail.
    returning b.task_run_id, b.open_lanes, (not b.is_stopped or b.wave is not null) and b.begun_lanes < b.lanes as goes_on
  )
  select
    coalesce(array_agg(told.task_run_id) filter (where told.goes_on), '{}') as going_on,
    coalesce(array_agg(told.task_run_id) filter (where not told.goes_on and told.open_lanes = 0), '{}') as done
  into v_told
  from told;

  openings := '{}';
  ended := '{}';
  if v_told.going_on <> '{}' then
    openings := reprise_engine.begin_lanes(v_told.going_on, pending);
  end if;
  if v_told.done <> '{}' then
    select end_lanes.openings || l.openings, l.ended into openings, ended from reprise_engine.leave_blocks(v_told.done) as l;
  end if;
end;
$$;

comment on function reprise_engine.end_lanes is
  'Blocks learn how tasks in them have ended, and whether lanes have ended with them. Those with more lanes begin them, unless one has '
  'failed; those with none left go on to their handlers, or end.';
