create or replace function reprise_engine.take_system_outputs(task_run_ids bigint[])
returns void
language sql volatile
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set enable_nestloop = off
as $$
  with made as (
    select
      r.execution_id, r.state, t.kind, a.outputs, a.error, t.kind = 'DEFAULTS' and a.outputs is not null as has_inputs, t.definitions
    from reprise.task_runs as r
    cross join lateral (
      select t.kind, case when t.kind = 'DEFAULTS' then t.definition -> 'inputs' end as definitions
      from reprise.tasks as t
      where t.key = r.task_key
      offset 0
    ) as t
    cross join lateral (
      select a.outputs, a.error from reprise.attempts as a where a.task_run_id = r.id and a.number = r.attempt_number offset 0
    ) as a
    where r.id = any (take_system_outputs.task_run_ids)
      and t.kind in ('DEFAULTS', 'OUTPUTS')
      and r.state in ('SUCCESS', 'FAILED')
      and (r.state = 'FAILED' or a.outputs is not null)
  )
  update reprise.executions as e
  set
    -- Also of one that a check has failed: what runs behind that reads them.
    inputs = case when made.has_inputs then made.outputs else e.inputs end,
    defaulted_inputs = case
      when made.has_inputs then array(
        select distinct d.id
        from unnest(e.defaulted_inputs || reprise_engine.find_defaulted(made.definitions, e.inputs, made.outputs)) as d (id)
      )
      else e.defaulted_inputs
    end,
    is_unresolved = e.is_unresolved and not made.has_inputs,
    outputs = case when made.kind = 'OUTPUTS' and made.state = 'SUCCESS' then made.outputs else e.outputs end,
    error = case when made.state = 'FAILED' then made.error else e.error end
  from made
  where e.id = any (array(select m.execution_id from made as m)) and e.id = made.execution_id;
$$;

comment on function reprise_engine.take_system_outputs is
  'Takes what the system steps made into their executions: rendered defaults into inputs, rendered outputs into outputs, an error into '
  'error.';
