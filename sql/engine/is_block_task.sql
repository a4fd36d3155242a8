create or replace function reprise_engine.is_block_task(task_key integer)
returns boolean
language sql stable
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
  select reprise_engine.is_block(t.kind) from reprise.tasks as t where t.key = is_block_task.task_key;
$$;

comment on function reprise_engine.is_block_task is 'Whether this task runs lists of other tasks.';
