create or replace function reprise_engine.read_subflow_requests(task_run_ids bigint[])
returns reprise.subflow_request[]
language sql stable
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
  select coalesce(array_agg(row(
    r.id, r.execution_id, a.id, r.attempt_number,
    -- The first try behind a restart goes on with what the last one had started; with new children only where those are not mended.
    case when a.try = 1 then (
      select last.number
      from (select max(s.attempt_number) as number from reprise.subflows as s where s.task_run_id = r.id) as last
      where coalesce(t.definition ->> 'restartBehavior', 'RETRY_FAILED') = 'RETRY_FAILED' or reprise_engine.has_mended_children(r.id, last.number)
    ) end,
    a.outputs,
    json_build_object('id', t.id, 'type', t.type, 'variables', json_strip_nulls(json_build_object(
      'executionId', e.id, 'namespace', e.namespace, 'flowId', e.flow_id, 'flowRevision', e.flow_revision, 'taskRunId', r.id::text,
      'taskId', t.id, 'taskRunIteration', r.iteration,
      'taskRunValue', case when r.iteration is not null then r.iteration_path[cardinality(r.iteration_path)] end
    ))),
    coalesce((t.definition ->> 'wait')::boolean, true), e.created_by
  )::reprise.subflow_request), '{}')
  from unnest(read_subflow_requests.task_run_ids) as given (id)
  cross join lateral (select * from reprise.task_runs as r where r.id = given.id offset 0) as r
  cross join lateral (
    select a.id, a.try, a.outputs from reprise.attempts as a where a.task_run_id = r.id and a.number = r.attempt_number offset 0
  ) as a
  cross join lateral (select t.id, t.type, t.definition from reprise.tasks as t where t.key = r.task_key offset 0) as t
  cross join lateral (
    select e.id, e.namespace, e.flow_id, e.flow_revision, e.created_by from reprise.executions as e where e.id = r.execution_id offset 0
  ) as e;
$$;

comment on function reprise_engine.read_subflow_requests is 'What Subflow task runs ask for, whose attempts a worker has rendered.';
