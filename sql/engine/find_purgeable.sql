create or replace function reprise_engine.find_purgeable(
  execution_ids uuid[],
  namespace text,
  flow_id text,
  states reprise.execution_state[],
  ended_before timestamptz
)
returns uuid[]
language sql stable
set search_path = ''
as $$
  select coalesce(array_agg(e.id), '{}')
  from reprise.executions as e
  where e.ended_at is not null and not e.is_finishing and e.retry_at is null and e.purged_at is null
    and (find_purgeable.execution_ids is null or e.id = any (find_purgeable.execution_ids))
    and (find_purgeable.namespace is null or e.namespace = find_purgeable.namespace)
    and (find_purgeable.flow_id is null or e.flow_id = find_purgeable.flow_id)
    and (find_purgeable.states is null or e.state = any (find_purgeable.states))
    and (find_purgeable.ended_before is null or e.ended_at < find_purgeable.ended_before)
    -- Whoever waits for it has to hear of its end first.
    and not exists (select from (select r.ended_at from reprise.task_runs as r where r.id = e.parent_task_run_id offset 0) as r where r.ended_at is null);
$$;

comment on function reprise_engine.find_purgeable is
  'The executions that meet these conditions and may be purged: they have ended for good, and no parent waits for them.';
