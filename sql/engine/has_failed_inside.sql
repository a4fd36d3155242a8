create or replace function reprise_engine.has_failed_inside(execution_id uuid, block_id bigint)
returns boolean
language plpgsql stable -- asked only where something was killed, and so never inlined
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set enable_nestloop = on -- whoever calls it may have none, and would have a few rows looked for in a whole index
as $$
begin
  return exists (
    -- What is asked about stands at the beginning as what was killed: a block, or none for the execution.
    with recursive stopped (id, state, allows) as (
      select has_failed_inside.block_id, 'KILLED'::reprise.task_run_state, false
      union all
      select r.id, r.state, t.allows
      from stopped as s
      cross join lateral (
        select r.id, r.state, r.task_key from reprise.task_runs as r where r.parent_id = s.id and r.state in ('FAILED', 'KILLED')
        union all
        select r.id, r.state, r.task_key
        from reprise.task_runs as r
        where s.id is null and r.execution_id = has_failed_inside.execution_id and r.parent_id is null and r.state in ('FAILED', 'KILLED')
      ) as r
      cross join lateral (
        select t.is_handler or t.branch = 'onPause' as is_apart, t.allow_failure or t.kind = 'ALLOW_FAILURE' as allows
        from reprise.tasks as t
        where t.key = r.task_key
        offset 0
      ) as t
      -- What has failed tells it all. A kill says nothing of what has failed beside it.
      where s.state = 'KILLED' and not s.allows and not t.is_apart
    )
    select from stopped as s where s.state = 'FAILED'
  );
end;
$$;

comment on function reprise_engine.has_failed_inside is
  'Whether a task has failed in a block, or at the top of an execution where none is given, or in blocks inside of it that were killed and allow no failure: '
  'the kill of a child outweighs that in how they end, and hides it.';
