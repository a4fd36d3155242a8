create or replace function reprise_engine.override_outputs(execution_id uuid, overrides json, actor text, now timestamptz)
returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_given record;
begin
  with overridden as (
    select r.id, r.attempt_number, chosen.outputs
    from reprise.task_runs as r
    join reprise.tasks as t on t.key = r.task_key
    -- What is given for one iteration goes before what is given for all.
    cross join lateral (
      select coalesce(
        override_outputs.overrides -> reprise_engine.override_key(t.id, r.iteration_path), override_outputs.overrides -> t.id
      ) as outputs
    ) as chosen
    where r.execution_id = override_outputs.execution_id and chosen.outputs is not null and r.carried_attempt_id is null
  ), given as (
    insert into reprise.attempts (task_run_id, number, try, state, started_at, ended_at, outputs, overridden_by)
    select o.id, o.attempt_number, 0, 'SUCCESS', override_outputs.now, override_outputs.now,
      o.outputs, override_outputs.actor
    from overridden as o
    returning id, outputs
  )
  select array_agg(given.id) as attempt_ids, array_agg(given.outputs) as outputs into v_given from given;

  perform reprise_engine.reference_files(v_given.attempt_ids, v_given.outputs);
end;
$$;

comment on function reprise_engine.override_outputs is
  'Gives carried task runs of a new replay an attempt of their own with the outputs that the caller chose, marked with who chose them.';
