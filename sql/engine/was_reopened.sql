create or replace function reprise_engine.was_reopened(run reprise.task_runs, kind reprise.task_kind)
returns boolean
language sql stable -- and without settings, so that it is inlined where it is called
as $$
  -- What is carried whole has ended in the moment in which it was carried, and is never opened.
  select was_reopened.run.is_carried and reprise_engine.is_block(was_reopened.kind) and (
    was_reopened.run.ended_at is distinct from was_reopened.run.created_at
    or exists (select from reprise.blocks as b where b.task_run_id = was_reopened.run.id)
  );
$$;

comment on function reprise_engine.was_reopened is
  'Whether a block has been opened again by a replay, or was to be, to go on in it: it points at the attempt of its original as what is carried does, '
  'and ends by itself.';
