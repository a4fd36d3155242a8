create or replace function reprise_engine.open_subflows(
  task_run_ids bigint[],
  out ended bigint[],
  out retrying bigint[]
)
language plpgsql volatile
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set enable_nestloop = off
as $$
declare
  v_opened record;
  v_ended record;
begin
  with asked as materialized (
    select
      r.id, r.execution_id, r.attempt_number, a.id as attempt_id, a.outputs as request, e.created_by,
      not coalesce((t.definition ->> 'wait')::boolean, true) as goes_on,
      json_build_object('id', t.id, 'type', t.type, 'variables', json_strip_nulls(json_build_object(
        'executionId', e.id, 'namespace', e.namespace, 'flowId', e.flow_id, 'flowRevision', e.flow_revision, 'taskRunId', r.id::text,
        'taskId', t.id, 'taskRunIteration', r.iteration,
        'taskRunValue', case when r.iteration is not null then r.iteration_path[cardinality(r.iteration_path)] end
      ))) as trigger,
      -- The first try behind a restart goes on with what the last one had started.
      case
        when a.try = 1 and coalesce(t.definition ->> 'restartBehavior', 'RETRY_FAILED') = 'RETRY_FAILED'
        then (select max(s.attempt_number) from reprise.subflows as s where s.task_run_id = r.id)
      end as last_attempt_number
    from unnest(open_subflows.task_run_ids) as given (id)
    cross join lateral (select * from reprise.task_runs as r where r.id = given.id offset 0) as r
    cross join lateral (
      select a.id, a.try, a.outputs from reprise.attempts as a where a.task_run_id = r.id and a.number = r.attempt_number offset 0
    ) as a
    cross join lateral (select t.id, t.type, t.definition from reprise.tasks as t where t.key = r.task_key offset 0) as t
    cross join lateral (
      select e.id, e.namespace, e.flow_id, e.flow_revision, e.created_by from reprise.executions as e where e.id = r.execution_id offset 0
    ) as e
  ), taken as (
    -- A request is no output.
    update reprise.attempts as a
    set outputs = null
    where a.id = any (array(select asked.attempt_id from asked))
  ), kept as materialized (
    select asked.id, s.iteration, s.execution_id, c.attempt_number, c.state, c.ended_at is not null and not c.is_finishing and c.state <> 'RETRIED' as has_ended
    from asked
    cross join lateral (
      select s.iteration, s.execution_id
      from reprise.subflows as s
      where s.task_run_id = asked.id and s.attempt_number = asked.last_attempt_number
      offset 0
    ) as s
    cross join lateral (
      select c.attempt_number, c.state, c.ended_at, c.is_finishing
      from reprise.executions as c
      where c.id = s.execution_id and c.purged_at is null
      offset 0
    ) as c
  ), prepared as materialized (
    select asked.id, p.*
    from asked
    cross join lateral reprise_engine.prepare_subflow(asked.execution_id, asked.request) as p
    where (select count(*) from kept as k where k.id = asked.id) < json_array_length(asked.request -> 'inputs')
  ), new as materialized (
    select
      p.id, i.place - 1 as iteration, reprise_engine.uuid_v7(now.at) as execution_id, p.namespace, p.flow_id, p.revision, p.variables,
      p.labels, i.inputs, p.sla, p.is_limited, p.is_unresolved
    from prepared as p
    cross join lateral unnest(p.inputs) with ordinality as i (inputs, place)
    cross join reprise_engine.clock() as now (at)
    where p.error is null
      and not exists (select from kept as k where k.id = p.id and k.iteration = i.place - 1)
  ), created as (
    insert into reprise.executions (
      id, namespace, flow_id, flow_revision, inputs, labels, variables, trigger, start_date, created_at, created_by, parent_task_run_id,
      schedule_date, is_scheduled, is_checked, deadline_at, is_asserted, is_unresolved
    )
    select
      n.execution_id, n.namespace, n.flow_id, n.revision, n.inputs, n.labels, n.variables,
      case
        when asked.request -> 'batches' is not null then reprise_engine.set_nested(asked.trigger, '{variables,taskRunIteration}', to_json(n.iteration)) else asked.trigger
      end,
      now.at, now.at, asked.created_by, n.id, due.at, due.is_later, true,
      reprise_engine.first_deadline(n.sla, greatest(now.at, due.at)), coalesce(n.sla @> '[{"isFollowed": true}]', false), n.is_unresolved
    from new as n
    join asked on asked.id = n.id
    cross join reprise_engine.clock() as now (at)
    -- Who looks for a slot locks a flow, and must not hold executions meanwhile that others may want: it starts in a transaction of its own.
    cross join lateral (
      select coalesce((asked.request ->> 'scheduleDate')::timestamptz, case when n.is_limited then now.at end) as at,
        n.is_limited or asked.request -> 'scheduleDate' is not null as is_later
    ) as due
  ), linked as (
    insert into reprise.subflows (task_run_id, attempt_number, iteration, execution_id, child_attempt_number)
    select asked.id, asked.attempt_number, n.iteration, n.execution_id, 1
    from new as n
    join asked on asked.id = n.id
    union all
    select
      asked.id, asked.attempt_number, k.iteration, k.execution_id,
      k.attempt_number + case when k.state in ('FAILED', 'KILLING', 'KILLED') then 1 else 0 end
    from kept as k
    join asked on asked.id = k.id
    left join prepared as p on p.id = k.id
    where p.error is null
  ), told as (
    -- Whoever looks at them next restarts those that failed, and takes how the others have ended.
    insert into reprise.ended_subflows (task_run_id, execution_id, ended_at)
    select k.id, k.execution_id, now.at from kept as k cross join reprise_engine.clock() as now (at) where k.has_ended
  ), said as (
    insert into reprise.logs (logged_at, execution_id, task_run_id, attempt_id, level, message)
    select now.at, asked.execution_id, asked.id, asked.attempt_id, line.level::reprise.log_level, line.message
    from (
      select
        n.id, 'INFO' as level,
        format('Created new execution [[link execution="%s" flowId="%s" namespace="%s"]]', n.execution_id, n.flow_id, n.namespace) as message
      from new as n
      union all
      select p.id, 'ERROR', p.error ->> 'message' from prepared as p where p.error is not null
      union all
      select
        p.id, 'WARN',
        format(
          'Input %s was provided by parent execution %s for subflow %s.%s but isn''t declared at the subflow inputs', u.key,
          asked.execution_id, p.namespace, p.flow_id
        )
      from prepared as p
      join asked on asked.id = p.id
      cross join lateral unnest(p.undeclared) as u (key)
    ) as line
    join asked on asked.id = line.id
    cross join reprise_engine.clock() as now (at)
  ), answered as materialized (
    select
      asked.id, p.error, p.error is not null or asked.goes_on or batches.count = 0 as is_over,
      case
        when p.error is not null or batches.count = 0 then null
        when asked.request -> 'batches' is not null then json_build_object(
          'iterations', case
            when asked.goes_on then json_build_object('RUNNING', 0, 'SUCCESS', batches.count)
            else json_build_object('CREATED', 0, 'RUNNING', batches.count)
          end,
          'numberOfBatches', batches.count
        )
        when asked.goes_on then json_build_object(
          'executionId', coalesce(n.execution_id, k.execution_id), 'state', coalesce(k.state, 'CREATED')
        )
      end as outputs
    from asked
    cross join lateral (select json_array_length(asked.request -> 'inputs') as count) as batches
    left join prepared as p on p.id = asked.id
    left join new as n on n.id = asked.id and n.iteration = 0
    left join kept as k on k.id = asked.id and k.iteration = 0
  )
  select
    (select coalesce(array_agg(n.execution_id), '{}') from new as n) as children,
    (select bool_or(n.inputs::text like '%"kestra:///%') from new as n) as have_files,
    (select coalesce(array_agg(distinct k.id), '{}') from kept as k where k.has_ended) as kept,
    coalesce(array_agg(a.id) filter (where a.is_over), '{}') as done,
    array_agg(case when a.error is not null then 'FAILED' else 'SUCCESS' end::reprise.task_run_state) filter (where a.is_over) as outcomes,
    array_agg(a.outputs) filter (where a.is_over) as outputs,
    array_agg(a.error) filter (where a.is_over) as errors,
    coalesce(array_agg(a.id) filter (where not a.is_over and a.outputs is not null), '{}') as counting,
    array_agg(a.outputs) filter (where not a.is_over and a.outputs is not null) as counts
  into v_opened
  from answered as a;

  if v_opened.counting <> '{}' then
    perform reprise_engine.show_subflow_counts(v_opened.counting, v_opened.counts);
  end if;
  if v_opened.have_files then
    perform reprise_engine.reference_input_files(array_agg(e.id), array_agg(e.inputs)) from reprise.executions as e where e.id = any (v_opened.children);
  end if;
  if v_opened.children <> '{}' then
    perform reprise_engine.enqueue_starts(v_opened.children);
    perform reprise_engine.start_executions(array(
      select e.id from reprise.executions as e where e.id = any (v_opened.children) and not e.is_scheduled
    ));
  end if;
  if v_opened.kept <> '{}' then
    perform reprise_engine.enqueue_parents(v_opened.kept);
  end if;

  ended := '{}';
  retrying := '{}';
  if v_opened.done <> '{}' then
    select * into v_ended
    from reprise_engine.end_subflow_attempts(v_opened.done, v_opened.outcomes, v_opened.outputs, v_opened.errors);
    ended := v_ended.ended;
    retrying := v_ended.retrying;
  end if;
end;
$$;

comment on function reprise_engine.open_subflows is
  'Starts what Subflow task runs ask for, whose attempts a worker has just rendered: their children, or behind a restart those that they '
  'have. Those that wait for nothing end at once; returns these.';
