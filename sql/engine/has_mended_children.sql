create or replace function reprise_engine.has_mended_children(task_run_id bigint, attempt_number integer)
returns boolean
language sql stable
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
  with children as (
    select
      s.ended_state in ('FAILED', 'KILLED') as had_failed,
      c.ended_at is not null and not c.is_finishing and c.purged_at is null
        -- One that was CANCELLED had failed nothing.
        and (c.state in ('SUCCESS', 'WARNING') or c.state = 'CANCELLED' and s.ended_state = 'CANCELLED')
        -- What it gives cannot be rendered now any more than before.
        and not (s.is_counted_failed and c.state = s.ended_state) as is_well
    from reprise.subflows as s
    cross join lateral (select c.state, c.ended_at, c.is_finishing, c.purged_at from reprise.executions as c where c.id = s.execution_id offset 0) as c
    where s.task_run_id = has_mended_children.task_run_id and s.attempt_number = has_mended_children.attempt_number
  )
  -- Mostly one is not well, and the others need not be looked at. None of a ForEachItem may have been purged.
  select case
    when exists (select from children as c where not c.is_well) then false
    else (
      select coalesce(bool_or(c.had_failed), false) and count(*) = coalesce((
        select (a.outputs ->> 'numberOfBatches')::integer
        from reprise.attempts as a
        where a.task_run_id = has_mended_children.task_run_id and a.number = has_mended_children.attempt_number
      ), 1)
      from children as c
    )
  end;
$$;

comment on function reprise_engine.has_mended_children is
  'Whether an attempt of a Subflow or a ForEachItem had failed, or was killed, by children that have all ended well since, and are all there.';
