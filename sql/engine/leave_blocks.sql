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
    select
      b.task_run_id as id, b.verdict, t.type, r.execution_id, r.iteration_path, t.kind, t.allow_failure, t.allow_warning, next.key, next.branch,
      -- One that goes on until a condition holds asks a worker whether it does.
      t.kind = 'LOOP_UNTIL' and b.branch = 'tasks' and b.verdict in ('SUCCESS', 'WARNING')
        and exists (select from reprise.loops as l where l.task_run_id = b.task_run_id) as asks
    from unnest(leave_blocks.block_ids) as given (id)
    cross join lateral (select * from reprise.blocks as b where b.task_run_id = given.id offset 0) as b
    cross join lateral (
      select r.execution_id, r.task_key, r.iteration_path from reprise.task_runs as r where r.id = given.id offset 0
    ) as r
    cross join lateral (
      select t.key, t.kind, t.type, t.allow_failure, t.allow_warning from reprise.tasks as t where t.key = r.task_key offset 0
    ) as t
    left join lateral (
      select handler.key, handler.branch
      from reprise.tasks as handler
      where handler.parent_key = t.key and handler.lane = 0
        and (handler.branch = 'errors' and b.branch not in ('errors', 'finally')
            and (b.verdict = 'FAILED' or b.verdict = 'KILLED' and reprise_engine.has_failed_inside(r.execution_id, b.task_run_id))
          or handler.branch = 'finally' and b.branch <> 'finally')
      order by handler.branch
      limit 1
    ) as next on true
  ), handled as (
    update reprise.blocks as b
    set branch = l.branch, lanes = 1, width = 1, begun_lanes = 1, open_lanes = 1, concurrent = null, wave = null, lane_numbers = null
    from left_blocks as l
    where b.task_run_id = any (leave_blocks.block_ids) and b.task_run_id = l.id and l.key is not null and not l.asks
  ), asking as (
    update reprise.task_runs as r
    set
      state = 'CREATED', try = 0, is_carried = false, carried_attempt_id = null,
      original_id = coalesce(r.original_id, (select a.task_run_id from reprise.attempts as a where a.id = r.carried_attempt_id))
    where r.id = any (array(select l.id from left_blocks as l where l.asks))
    returning r.id
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
      where l.key is null and not l.asks
    ) as l
    where r.id = any (leave_blocks.block_ids) and r.id = l.id
    returning r.id
  )
  select
    coalesce((
      select array_agg(row(l.execution_id, l.key, l.id, null, l.iteration_path)::reprise.opening) from left_blocks as l where l.key is not null and not l.asks
    ), '{}') as openings,
    coalesce((select array_agg(c.id) from closed as c), '{}') as ended,
    array(select a.id from asking as a) as asking,
    array(select l.id from left_blocks as l where l.type like '%.flow.Loop') as loops
  into v_left;

  if v_left.loops <> '{}' then
    perform reprise_engine.show_iterations(v_left.loops);
  end if;

  if v_left.asking <> '{}' then
    delete from reprise.blocks as b where b.task_run_id = any (v_left.asking);
    perform reprise_engine.enqueue_task_runs(v_left.asking);
  end if;
  openings := v_left.openings;
  ended := v_left.ended;
end;
$$;

comment on function reprise_engine.leave_blocks is
  'Blocks have come to the end of a list: those with a handler for it go on there, errors before finally; loops with a condition ask '
  'whether it holds; the others end in the state '
  'that their own lists have earned, as far as they allow failures and warnings.';
