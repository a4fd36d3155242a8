create or replace function reprise_engine.create_children(
  requests reprise.subflow_request[],
  kept reprise.kept_child[],
  prepared reprise.prepared_subflow[]
)
returns uuid[]
language sql volatile
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_nestloop = off -- everything here is a set, and a wrong guess at its size would make it a square
as $$
  with requested as materialized (
    -- A request is long, and is not looked through once for each of its inputs.
    select
      r.task_run_id, r.attempt_number, r.created_by, r.trigger, case when r.request -> 'batches' is not null then reprise_engine.subflow_outputs_uri(r.task_run_id) end as outputs_uri,
      r.request -> 'scheduleDate' is not null as is_scheduled, (r.request ->> 'scheduleDate')::timestamptz as schedule_date
    from unnest(create_children.requests) as r
  ), new as materialized (
    select
      p.task_run_id, i.place - 1 as iteration, reprise_engine.uuid_v7(now.at) as execution_id, p.namespace, p.flow_id, p.revision, p.variables,
      p.labels, i.inputs, cardinality(p.inputs) as batches, p.sla, p.is_limited, p.is_unresolved
    from unnest(create_children.prepared) as p
    cross join lateral unnest(p.inputs) with ordinality as i (inputs, place)
    cross join reprise_engine.clock() as now (at)
    where p.error is null
      and not exists (select from unnest(create_children.kept) as k where k.task_run_id = p.task_run_id and k.iteration = i.place - 1)
  ), created as (
    insert into reprise.executions (
      id, namespace, flow_id, flow_revision, inputs, labels, variables, trigger, start_date, created_at, created_by, parent_task_run_id,
      schedule_date, is_scheduled, is_checked, deadline_at, is_asserted, is_unresolved
    )
    select
      n.execution_id, n.namespace, n.flow_id, n.revision, n.inputs, n.labels, n.variables,
      case
        when r.outputs_uri is null then r.trigger
        else reprise_engine.set_nested(r.trigger, '{variables}', reprise_engine.lay_over(r.trigger -> 'variables', json_build_object(
          'taskRunIteration', n.iteration,
          'taskRunOutputs', json_build_object('numberOfBatches', n.batches, 'uri', format('%s/%s/outputs.ion', r.outputs_uri, n.iteration))
        )))
      end,
      now.at, now.at, r.created_by, n.task_run_id, due.at, due.is_later, true,
      reprise_engine.first_deadline(n.sla, greatest(now.at, due.at)), coalesce(n.sla @> '[{"isFollowed": true}]', false), n.is_unresolved
    from new as n
    join requested as r on r.task_run_id = n.task_run_id
    cross join reprise_engine.clock() as now (at)
    -- Who looks for a slot locks a flow, and must not hold executions meanwhile that others may want: it starts in a transaction of its own.
    cross join lateral (
      select coalesce(r.schedule_date, case when n.is_limited then now.at end) as at, n.is_limited or r.is_scheduled as is_later
    ) as due
  ), linked as (
    insert into reprise.subflows (task_run_id, attempt_number, iteration, execution_id, child_attempt_number)
    select r.task_run_id, r.attempt_number, n.iteration, n.execution_id, 1
    from new as n
    join requested as r on r.task_run_id = n.task_run_id
    union all
    select
      r.task_run_id, r.attempt_number, k.iteration, k.execution_id,
      k.attempt_number + case when k.state in ('FAILED', 'KILLING', 'KILLED') then 1 else 0 end
    from unnest(create_children.kept) as k
    join requested as r on r.task_run_id = k.task_run_id
    left join unnest(create_children.prepared) as p on p.task_run_id = k.task_run_id
    where p.error is null
  )
  select coalesce(array_agg(n.execution_id), '{}') from new as n;
$$;

comment on function reprise_engine.create_children is
  'Creates the children that Subflows ask for, except those that they have kept, and writes down which children their attempts now have. Returns the new ones.';
