create or replace function reprise_engine.is_wide(kind reprise.task_kind, type text)
returns boolean
language sql immutable -- and without settings, so that it is inlined where it is called
as $$
  select is_wide.kind in ('PARALLEL', 'DAG') or is_wide.type like '%.EachParallel';
$$;

comment on function reprise_engine.is_wide is
  'Whether each task of a block is a lane of its own, so that none is behind another.';
