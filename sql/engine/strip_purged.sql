create or replace function reprise_engine.strip_purged(execution_ids uuid[])
returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_unneeded bigint[];
begin
  select coalesce(array_agg(a.id), '{}') into v_unneeded
  from (
    select a.id
    from reprise.attempts as a
    where a.task_run_id = any (array(select r.id from reprise.task_runs as r where r.execution_id = any (strip_purged.execution_ids)))
    offset 0
  ) as a
  where not exists (
    select
    from (select c.execution_id from reprise.task_runs as c where c.carried_attempt_id = a.id offset 0) as c
    cross join lateral (select e.purged_at from reprise.executions as e where e.id = c.execution_id offset 0) as e
    where e.purged_at is null
  );

  -- A replay has those that it has, too.
  delete from reprise.input_files as f where f.execution_id = any (strip_purged.execution_ids);
  delete from reprise.file_references as f where f.attempt_id = any (v_unneeded);
  delete from reprise.variable_changes as c
  where c.execution_id = any (strip_purged.execution_ids) and c.attempt_id = any (v_unneeded);
  delete from reprise.metrics as m
  where m.execution_id = any (strip_purged.execution_ids) and m.attempt_id = any (v_unneeded);
  update reprise.attempts as a set outputs = null where a.id = any (v_unneeded) and a.outputs is not null;
  -- The plan of a replay of a replay compares with the inputs that its carried attempts ran with, and its skipped tasks were left out with.
  update reprise.executions as e
  set
    inputs = case
      when exists (
        select
        from reprise.task_runs as r
        join reprise.attempts as a on a.task_run_id = r.id
        where r.execution_id = e.id and a.id <> all (v_unneeded)
      ) or exists (
        select
        from reprise.executions as x
        join reprise.task_runs as r on r.execution_id = x.id
        where x.root_id = coalesce(e.root_id, e.id) and x.purged_at is null and r.is_carried and r.carried_attempt_id is null
      ) then e.inputs
      else '{}'
    end,
    outputs = null, variables = '{}', trigger = null
  where e.id = any (strip_purged.execution_ids);
end;
$$;

comment on function reprise_engine.strip_purged is
  'Takes from purged executions that must stay everything that no living replay points at: outputs and files, and their '
  'inputs when no attempt of theirs is needed any more.';
