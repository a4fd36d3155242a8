create or replace function reprise_engine.log_subflows(
  requests reprise.subflow_request[],
  prepared reprise.prepared_subflow[],
  children uuid[]
)
returns void
language sql volatile
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set enable_nestloop = off -- everything here is a set, and a wrong guess at its size would make it a square
as $$
  insert into reprise.logs (logged_at, execution_id, task_run_id, attempt_id, level, message)
  select now.at, r.execution_id, r.task_run_id, r.attempt_id, line.level::reprise.log_level, line.message
  from (
    select
      c.parent_task_run_id as task_run_id, 'INFO' as level,
      format('Created new execution [[link execution="%s" flowId="%s" namespace="%s"]]', c.id, c.flow_id, c.namespace) as message
    from unnest(log_subflows.children) as given (id)
    cross join lateral (
      select c.id, c.namespace, c.flow_id, c.parent_task_run_id from reprise.executions as c where c.id = given.id offset 0
    ) as c
    union all
    select p.task_run_id, 'ERROR', p.error ->> 'message' from unnest(log_subflows.prepared) as p where p.error is not null
    union all
    select
      p.task_run_id, 'WARN',
      format(
        'Input %s was provided by parent execution %s for subflow %s.%s but isn''t declared at the subflow inputs', u.key, r.execution_id,
        p.namespace, p.flow_id
      )
    from unnest(log_subflows.prepared) as p
    join unnest(log_subflows.requests) as r on r.task_run_id = p.task_run_id
    cross join lateral unnest(p.undeclared) as u (key)
  ) as line
  join unnest(log_subflows.requests) as r on r.task_run_id = line.task_run_id
  cross join reprise_engine.clock() as now (at);
$$;

comment on function reprise_engine.log_subflows is
  'Says in the logs of Subflows which children they have started, why there are none, and which inputs were left out.';
