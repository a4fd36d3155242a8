create or replace function reprise_api.list_attempts(task_run_id bigint)
returns setof reprise_api.attempts
language plpgsql stable security definer rows 2
set search_path = ''
set plan_cache_mode = force_generic_plan -- called for each task run of a page
as $$
declare
  v_run record;
begin
  select r.original_id, r.carried_attempt_id, reprise_engine.is_block(t.kind) or r.state = 'SKIPPED' as is_workerless into v_run
  from reprise.task_runs as r
  join reprise.tasks as t on t.key = r.task_key
  join reprise.executions as e on e.id = r.execution_id
  where r.id = list_attempts.task_run_id and e.purged_at is null;

  if not found then
    return;
  end if;

  -- Nearly always there is nothing to step back to.
  if v_run.original_id is null and v_run.carried_attempt_id is null then
    return query
    select a.* from reprise_api.attempts as a where a.task_run_id = list_attempts.task_run_id
    union all
    select a.* from reprise_engine.show_unstored_attempts(list_attempts.task_run_id) as a where v_run.is_workerless
    order by number;
    return;
  end if;

  -- Each step back leaves out what its original did after the replay was made: those numbers are the replay's own.
  return query
  with recursive line (id, original_id, carried_attempt_id, most, before) as (
    select r.id, r.original_id, r.carried_attempt_id, r.attempt_number, r.attempt_number
    from reprise.task_runs as r
    join reprise.executions as e on e.id = r.execution_id
    where r.id = list_attempts.task_run_id and e.purged_at is null
    union all
    select r.id, r.original_id, r.carried_attempt_id, least(
      line.most,
      coalesce((select min(own.number) - 1 from reprise.attempts as own where own.task_run_id = line.id), line.before)
    ), r.attempt_number
    from line
    cross join lateral (
      select r.*
      from reprise.task_runs as r
      where r.id = coalesce(line.original_id, (select c.task_run_id from reprise.attempts as c where c.id = line.carried_attempt_id))
      offset 0
    ) as r
  )
  select a.*
  from line
  join reprise_api.attempts as a on a.task_run_id = line.id and a.number <= line.most
  union all
  select a.* from reprise_engine.show_unstored_attempts(list_attempts.task_run_id) as a where v_run.is_workerless
  order by number;
end;
$$;

comment on function reprise_api.list_attempts is
  'Every attempt that a task run counts, in the order of their numbers: its own, and those of the originals that it carries or runs again. Numbers are missing where a '
  'restart began a task anew, a handler or what stands in a block that decides again: what had run for it is deleted, and only the log of the execution still has what it said. '
  'What ran without a worker, or was skipped, has one too, whose id is below 0.';
