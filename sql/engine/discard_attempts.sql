create or replace function reprise_engine.discard_attempts(attempt_ids bigint[])
returns void
language plpgsql volatile
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set enable_nestloop = on -- whoever calls it may have none, and would have a few rows looked for in a whole index
as $$
begin
  -- What a failed attempt stored, nobody will name.
  delete from reprise.files as f
  where f.attempt_id = any (discard_attempts.attempt_ids);

  -- A skipped task run was leased only to ask its runIf: it never ran, so it keeps no attempt.
  with skipped as (
    delete from reprise.attempts as a
    where a.id = any (discard_attempts.attempt_ids) and a.state = 'SUCCESS'
    returning a.task_run_id
  )
  update reprise.task_runs as r
  set attempt_number = r.attempt_number - 1, try = r.try - 1
  where r.id = any (array(select s.task_run_id from skipped as s));
end;
$$;

comment on function reprise_engine.discard_attempts is
  'Removes what attempts leave that made no outputs: the files of failed and killed ones, and the whole attempt of a skipped one.';
