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
language sql stable -- and without settings, so that it is inlined where it is called
as $$
  -- Materialized, so that the planner begins with the execution, whatever it thinks of other indexes.
  with runs as materialized (
    select r.id, r.task_key, r.iteration_path, r.state, r.attempt_number, r.is_carried, r.carried_attempt_id, r.execution_id
    from reprise.task_runs as r
    where r.execution_id = replay_sources.execution_id
  )
  select
    r.id, t.id, r.iteration_path, r.state, r.attempt_number, own.id, own.number,
    (extract(epoch from own.ended_at - own.started_at) * 1000)::bigint,
    coalesce(decider.execution_id, r.execution_id), coalesce(decider.task_key, r.task_key)
  from runs as r
  join reprise.tasks as t on t.key = r.task_key
  left join reprise.attempts as own on own.task_run_id = r.id and own.number = r.attempt_number
  -- What is skipped has no attempt. When it is carried, an earlier execution decided so.
  left join reprise.task_runs as decider
    on decider.id = case when r.is_carried and own.id is null then reprise_engine.find_decider(r.id) end
  where r.carried_attempt_id is null and t.kind not in ('DEFAULTS', 'OUTPUTS')

  union all
  select
    r.id, t.id, r.iteration_path, r.state, r.attempt_number, carried.id, carried.number,
    (extract(epoch from carried.ended_at - carried.started_at) * 1000)::bigint,
    producer.execution_id, producer.task_key
  from runs as r
  join reprise.tasks as t on t.key = r.task_key
  join reprise.attempts as carried on carried.id = r.carried_attempt_id
  join reprise.task_runs as producer on producer.id = carried.task_run_id
  where r.carried_attempt_id is not null;
$$;

comment on function reprise_engine.replay_sources is
  'The task runs of an execution as a replay finds them: the attempt that each shows, and with which execution and task that attempt '
  'ran, or was left out.';
