create or replace function reprise_engine.count_executions(
  flows jsonb,
  namespaces text[],
  states reprise.execution_state[],
  created_since timestamptz,
  created_before timestamptz
)
returns table (namespace text, flow_id text, count bigint)
language sql stable
set search_path = ''
as $$
  select asked.flow ->> 'namespace', asked.flow ->> 'flowId', count(e.id)
  from jsonb_array_elements(count_executions.flows) with ordinality as asked (flow, place)
  left join reprise.executions as e
    on e.namespace = asked.flow ->> 'namespace' and e.flow_id = asked.flow ->> 'flowId' and e.purged_at is null
    and e.created_at >= count_executions.created_since
    and (count_executions.created_before is null or e.created_at <= count_executions.created_before)
    and (count_executions.states is null or e.state = any (count_executions.states))
  group by asked.place, asked.flow
  union
  select e.namespace, e.flow_id, count(*)
  from reprise.executions as e
  where e.namespace = any (count_executions.namespaces) and e.purged_at is null and e.created_at >= count_executions.created_since
    and (count_executions.created_before is null or e.created_at <= count_executions.created_before)
    and (count_executions.states is null or e.state = any (count_executions.states))
  group by e.namespace, e.flow_id
  order by 1, 2;
$$;

comment on function reprise_engine.count_executions is
  'Counts the executions of these flows, [{"namespace", "flowId"}], also where there are none, and of the flows of these namespaces.';
