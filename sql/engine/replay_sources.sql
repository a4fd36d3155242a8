create or replace function reprise_engine.replay_sources(execution_id uuid)
returns table (
  task_run_id bigint,
  task_id text,
  iteration_path text[],
  state reprise.task_run_state,
  last_attempt_number integer,
  attempt_id bigint,
  attempt_number integer,
  duration_ms bigint,
  ran_execution_id uuid,
  ran_task_key integer
)
language sql stable
set search_path = ''
as $$
  select
    r.id, t.id, r.iteration_path, r.state, r.attempt_number, a.id, a.number,
    (extract(epoch from a.ended_at - a.started_at) * 1000)::bigint,
    a.execution_id, coalesce(a.task_key, r.task_key)
  from reprise.task_runs as r
  join reprise.tasks as t on t.key = r.task_key
  left join lateral (
    select own.id, own.number, own.started_at, own.ended_at, r.execution_id, r.task_key
    from reprise.attempts as own
    where own.task_run_id = r.id and own.number = r.attempt_number and r.carried_attempt_id is null
    union all
    select carried.id, carried.number, carried.started_at, carried.ended_at, producer.execution_id, producer.task_key
    from reprise.attempts as carried
    join reprise.task_runs as producer on producer.id = carried.task_run_id
    where carried.id = r.carried_attempt_id
  ) as a on true
  where r.execution_id = replay_sources.execution_id and t.kind not in ('DEFAULTS', 'OUTPUTS');
$$;

comment on function reprise_engine.replay_sources is
  'The task runs of an execution as a replay finds them: the attempt that each shows, and with which execution and task that attempt ran.';
