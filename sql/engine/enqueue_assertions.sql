create or replace function reprise_engine.enqueue_assertions(execution_ids uuid[])
returns void
language plpgsql volatile
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
declare
  v_due uuid[] := array(
    select e.id
    from reprise.executions as e
    where e.id = any (enqueue_assertions.execution_ids) and e.is_asserted and e.ended_at is null
  );
  v_late uuid[];
begin
  -- However often an execution changes, one look at it waits.
  select array_agg(due.id) into v_late
  from unnest(v_due) as due (id)
  left join graphile_worker.add_jobs(array(
    select (
      'reprise.Assertions', json_build_object('executionId', due.id), null, null, null, 'assertions:' || due.id, null, null
    )::graphile_worker.job_spec
    from unnest(v_due) as due (id)
  )) as added on added.key = 'assertions:' || due.id
  where added.id is null;

  -- Where the one that waits is being taken at this very moment, add_jobs makes none; and that look may have come too early.
  if v_late is not null then
    perform graphile_worker.add_jobs(array(
      select ('reprise.Assertions', json_build_object('executionId', late.id), null, null, null, null, null, null)::graphile_worker.job_spec
      from unnest(v_late) as late (id)
    ));
  end if;
end;
$$;

comment on function reprise_engine.enqueue_assertions is
  'Has a worker look whether what SLAs assert of these executions still holds. A look that is lost is made up for by the next, the last of '
  'which comes before an execution ends.';
