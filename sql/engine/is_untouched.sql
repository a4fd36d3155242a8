create or replace function reprise_engine.is_untouched(block_id bigint)
returns boolean
language sql stable
set search_path = ''
as $$
  select not exists (select from reprise.task_runs as r where r.parent_id = is_untouched.block_id)
    and exists (
      select
      from reprise.task_runs as block
      join reprise.executions as e on e.id = block.execution_id and e.original_id is null
      where block.id = is_untouched.block_id
    );
$$;

comment on function reprise_engine.is_untouched is 'Whether nothing has run in a block, neither here nor in an original.';
