create or replace function reprise_engine.is_block(kind reprise.task_kind)
returns boolean
language sql immutable -- and without settings, so that it is inlined where it is called
as $$
  select is_block.kind not in ('RUNNABLE', 'SUBFLOW', 'DEFAULTS', 'OUTPUTS', 'LOOP_OUTPUTS');
$$;

comment on function reprise_engine.is_block is 'Whether a task runs lists of other tasks. A Subflow does not: what it starts is an execution of its own.';
