create or replace function reprise_engine.needs_no_worker(kind reprise.task_kind)
returns boolean
language sql immutable -- and without settings, so that it is inlined where it is called
as $$
  select needs_no_worker.kind in ('SEQUENTIAL', 'PARALLEL', 'DAG', 'ALLOW_FAILURE', 'FOR_EACH_ITEM');
$$;

comment on function reprise_engine.needs_no_worker is 'Whether a block knows by itself what it has to run: it has nothing to render for that.';
