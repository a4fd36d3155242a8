create or replace function reprise_engine.read_outputs(execution_id uuid, task_keys integer[])
returns jsonb
language sql stable
set search_path = ''
set join_collapse_limit = 1
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set enable_bitmapscan = off
set enable_hashjoin = off
set enable_mergejoin = off
set enable_material = off
as $$
  select jsonb_agg(jsonb_build_array(t.id, r.iteration_path, r.state, a.outputs) order by r.id)
  from reprise.task_runs as r
  join reprise.tasks as t on t.key = r.task_key
  left join reprise.attempts as a
    on a.id = coalesce(
      r.carried_attempt_id,
      (select own.id from reprise.attempts as own where own.task_run_id = r.id and own.number = r.attempt_number)
    )
  where r.execution_id = read_outputs.execution_id
    and (read_outputs.task_keys is null or r.task_key = any (read_outputs.task_keys));
$$;

comment on function reprise_engine.read_outputs is
  'The outputs that task runs of an execution show, of all or of the tasks named: [[task id, iteration path, state, outputs]].';
