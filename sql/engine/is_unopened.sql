create or replace function reprise_engine.is_unopened(task_run_id bigint)
returns boolean
language sql stable -- and without settings, so that it is inlined where it is called
as $$
  select exists (
    select
    from reprise.task_runs as r
    join reprise.tasks as t on t.key = r.task_key
    where r.id = is_unopened.task_run_id and r.state = 'RUNNING' and reprise_engine.is_block(t.kind)
      and not exists (select from reprise.blocks as b where b.task_run_id = r.id)
      and not exists (select from reprise.attempts as a where a.task_run_id = r.id and a.state = 'RUNNING')
  );
$$;

comment on function reprise_engine.is_unopened is
  'Whether a block that a replay or a restart opens again is to run its lists, and has not come to that.';
