create or replace function reprise_engine.cancel_unreached(execution_ids uuid[])
returns void
language sql volatile
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
  update reprise.task_runs as r
  set state = 'CANCELLED', ended_at = reprise_engine.clock(), is_put_off = null
  where r.id = any (array(
    select r.id
    from reprise.task_runs as r
    where r.execution_id = any (cancel_unreached.execution_ids) and r.ended_at is null
      and (
        r.is_put_off or reprise_engine.is_unopened(r.id)
        -- What waits in a WorkingDirectory waits for that alone.
        or exists (select from reprise.task_runs as block where block.id = r.parent_id and block.is_put_off)
      )
      -- What runs after the execution goes on.
      and not (select t.is_after from reprise.tasks as t where t.key = r.task_key)
  ));
$$;

comment on function reprise_engine.cancel_unreached is
  'What a replay or a restart was to open again, and did not come to before these executions ended, is CANCELLED.';
