create or replace function reprise_engine.step_over(
  met reprise.opening[],
  out free reprise.opening[],
  out inline reprise.opening[],
  out blocks bigint[],
  out passed bigint[],
  out due bigint[]
)
language sql volatile
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
  select
    coalesce(array_agg(there.opening) filter (where there.id is null and not there.is_inline), '{}'),
    coalesce(array_agg(there.opening) filter (where there.id is null and there.is_inline), '{}'),
    -- A block that a replay re-opens runs already, and has not yet opened its lists.
    coalesce(array_agg(there.id) filter (
      where there.state = 'RUNNING' and reprise_engine.is_unopened(there.id)
    ), '{}'),
    coalesce(array_agg(there.id) filter (where reprise_engine.is_terminal(there.state::text)), '{}'),
    coalesce(array_agg(there.id) filter (where there.is_put_off and there.state = 'RESTARTED'), '{}')
  from unnest(step_over.met) as m
  cross join lateral (
    -- The first of the list that has not passed, or else its last.
    select
      row(m.execution_id, next.key, m.parent_id, m.iteration, m.iteration_path)::reprise.opening as opening,
      r.id, r.state, r.is_put_off, next.is_inline, next.kind
    from (select * from reprise.tasks as here where here.key = m.task_key offset 0) as here
    cross join lateral (
      select next.key, next.next_key, next.kind, next.is_inline, next.is_handler, next.position
      from reprise.tasks as next
      where next.namespace = here.namespace and next.flow_id = here.flow_id and next.revision = here.revision
        and next.parent_key is not distinct from here.parent_key and next.branch = here.branch
        and next.position >= here.position and not next.is_disabled
      offset 0
    ) as next
    left join lateral (
      select r.id, r.state, r.is_put_off from reprise_engine.find_task_run(m.execution_id, next.key, m.iteration_path) as r offset 0
    ) as r on true
    -- In a Parallel and a Dag each task is a list by itself.
    where (next.key = here.key or here.next_key is not null)
      and (r.state is null or not reprise_engine.is_terminal(r.state::text) or r.state in ('FAILED', 'KILLED', 'CANCELLED') and not next.is_handler or next.next_key is null)
    order by next.position
    limit 1
  ) as there;
$$;

comment on function reprise_engine.step_over is
  'Goes on along lists behind what a replay carried: to the first task that has not passed, free, a block, or one that a restart had put off; or to the end of the '
  'list, which stands at the task run that ended it.';
