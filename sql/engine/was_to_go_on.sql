create or replace function reprise_engine.was_to_go_on(run reprise.task_runs)
returns boolean
language sql stable
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
  select (
      run.state in ('KILLED', 'CANCELLED')
      -- One that failed without anything failed in it was ended by an Exit.
      or run.state = 'FAILED' and run.is_carried and not exists (
        select
        from reprise.attempts as a
        where a.id = run.carried_attempt_id and (a.state = 'FAILED' or a.outputs #>> '{resumed,to}' = 'FAILED')
      )
    )
    and not exists (select from reprise.blocks as b where b.task_run_id = run.id)
    and exists (
      select
      from reprise.tasks as k
      where k.key = run.task_key and reprise_engine.is_block(k.kind) and k.kind <> 'WORKING_DIRECTORY'
        and (
          run.is_carried
          or exists (select from reprise.task_runs as inside where inside.parent_id = run.id)
            and (k.is_inline or not reprise_engine.decides_anew(run.id) and exists (
              select from reprise.attempts as a where a.task_run_id = run.id and a.number = run.attempt_number and a.state = 'SUCCESS'
            ))
        )
    );
$$;

comment on function reprise_engine.was_to_go_on is
  'Whether a task run is a block that was to be opened again and was not come to, or was carried as something else had ended it: it knows what it has to run, and goes on with that.';
