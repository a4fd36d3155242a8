create or replace function reprise_engine.leave_blocks(
  block_ids bigint[],
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
  v_now timestamptz := reprise_engine.clock();
  v_left record;
begin
  with left_blocks as materialized (
    select b.task_run_id as id, b.verdict, r.execution_id, r.iteration_path, t.kind, t.allow_failure, t.allow_warning, next.key, next.branch
    from unnest(leave_blocks.block_ids) as given (id)
    cross join lateral (select * from reprise.blocks as b where b.task_run_id = given.id offset 0) as b
    cross join lateral (
      select r.execution_id, r.task_key, r.iteration_path from reprise.task_runs as r where r.id = given.id offset 0
    ) as r
    cross join lateral (
      select t.key, t.kind, t.allow_failure, t.allow_warning from reprise.tasks as t where t.key = r.task_key offset 0
    ) as t
    left join lateral (
      select handler.key, handler.branch
      from reprise.tasks as handler
      where handler.parent_key = t.key and handler.lane = 0
        and (handler.branch = 'errors' and b.verdict = 'FAILED' and b.branch not in ('errors', 'finally')
          or handler.branch = 'finally' and b.branch <> 'finally')
      order by handler.branch
      limit 1
    ) as next on true
  ), handled as (
    update reprise.blocks as b
    set branch = l.branch, lanes = 1, width = 1, begun_lanes = 1, open_lanes = 1, concurrent = null
    from left_blocks as l
    where b.task_run_id = any (leave_blocks.block_ids) and b.task_run_id = l.id and l.key is not null
  ), closed as (
    update reprise.task_runs as r
    set state = l.state, ended_at = v_now
    from (
      select
        l.id,
        case
          when l.verdict = 'FAILED' and l.allow_failure and l.allow_warning then 'SUCCESS'
          when l.verdict = 'FAILED' and (l.allow_failure or l.kind = 'ALLOW_FAILURE') then 'WARNING'
          when l.verdict = 'WARNING' and l.allow_warning then 'SUCCESS'
          else l.verdict::text::reprise.task_run_state
        end as state
      from left_blocks as l
      where l.key is null
    ) as l
    where r.id = any (leave_blocks.block_ids) and r.id = l.id
    returning r.id
  )
  select
    coalesce((
      select array_agg(row(l.execution_id, l.key, l.id, null, l.iteration_path)::reprise.opening) from left_blocks as l where l.key is not null
    ), '{}') as openings,
    coalesce((select array_agg(c.id) from closed as c), '{}') as ended
  into v_left;

  openings := v_left.openings;
  ended := v_left.ended;
end;
$$;

comment on function reprise_engine.leave_blocks is
  'Blocks have come to the end of a list: those with a handler for it go on there, errors before finally; the others end in the state '
  'that their own lists have earned, as far as they allow failures and warnings.';
