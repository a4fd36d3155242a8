create or replace function reprise_engine.reset_children(block_ids bigint[], state reprise.task_run_state)
returns void
language sql volatile
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set enable_nestloop = on -- whoever calls it may have none, and would have a few rows looked for in a whole index
as $$
  update reprise.task_runs as r
  set
    state = reset_children.state, ended_at = null, retry_at = null, try = 0, is_carried = false, carried_attempt_id = null,
    original_id = coalesce(r.original_id, (select a.task_run_id from reprise.attempts as a where a.id = r.carried_attempt_id))
  where r.parent_id = any (reset_children.block_ids)
    and exists (select from (select t.branch from reprise.tasks as t where t.key = r.task_key offset 0) as t where t.branch = 'tasks');
$$;

comment on function reprise_engine.reset_children is
  'WorkingDirectories are to run again as a whole, since their files are gone: what has run in them waits in this state until the block '
  'comes to it again, without a job of its own, and keeps its attempts.';
