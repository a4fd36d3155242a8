create or replace function reprise_engine.take_system_outputs(task_run_ids bigint[])
returns void
language sql volatile
set search_path = ''
set join_collapse_limit = 1
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set enable_bitmapscan = off
set enable_hashjoin = off
set enable_mergejoin = off
set enable_material = off
as $$
  update reprise.executions as e
  set
    inputs = case when t.kind = 'DEFAULTS' and r.state = 'SUCCESS' then a.outputs else e.inputs end,
    outputs = case when t.kind = 'OUTPUTS' and r.state = 'SUCCESS' then a.outputs else e.outputs end,
    error = case when r.state = 'FAILED' then a.error else e.error end
  from reprise.task_runs as r
  join reprise.tasks as t on t.key = r.task_key
  join reprise.attempts as a on a.task_run_id = r.id and a.number = r.attempt_number
  where r.id = any (take_system_outputs.task_run_ids)
    and t.kind in ('DEFAULTS', 'OUTPUTS')
    and r.state in ('SUCCESS', 'FAILED')
    and (r.state = 'FAILED' or a.outputs is not null)
    and e.id = r.execution_id;
$$;

comment on function reprise_engine.take_system_outputs is
  'Takes what the system steps made into their executions: rendered defaults into inputs, rendered outputs into outputs, an error into '
  'error.';
