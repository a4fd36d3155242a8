create or replace function reprise_engine.find_ended(
  namespace text,
  flow_id text,
  states reprise.execution_state[],
  created_since timestamptz,
  ended_until timestamptz,
  behind uuid,
  batch integer
)
returns setof uuid
language sql stable
set search_path = ''
as $$
  select e.id
  from reprise.executions as e
  where e.ended_at <= find_ended.ended_until and not e.is_finishing and e.retry_at is null and e.purged_at is null
    and (find_ended.created_since is null or e.created_at >= find_ended.created_since)
    and (find_ended.behind is null or e.id > find_ended.behind)
    and (find_ended.states is null or e.state = any (find_ended.states))
    and (find_ended.flow_id is null or e.flow_id = find_ended.flow_id)
    and (
      find_ended.namespace is null or e.namespace = find_ended.namespace
      or find_ended.flow_id is null and starts_with(e.namespace, find_ended.namespace || '.')
    )
  order by e.id
  limit find_ended.batch;
$$;

comment on function reprise_engine.find_ended is
  'Executions that have ended by then, some at a time, by id: of a flow, or of a namespace with those below it.';
