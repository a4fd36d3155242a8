create or replace function reprise_engine.replay_sources(execution_id uuid, from_key integer default null)
returns table (
  task_run_id bigint,
  parent_id bigint,
  task_key integer,
  kind reprise.task_kind,
  task_id text,
  iteration integer,
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
  -- Each table is asked once for all rows, by the keys that the one before gave: whatever the planner thinks of their number, an
  -- execution of a thousand task runs costs a few scans of an index, not thousands.
  with runs as materialized (
    -- What was retried in another execution has failed in this one.
    select
      r.id, r.parent_id, r.task_key, r.iteration, r.iteration_path, case when r.state = 'RETRIED' then 'FAILED' else r.state end as state, r.attempt_number, r.is_carried, r.carried_attempt_id, r.execution_id
    from reprise.task_runs as r
    where r.execution_id = replay_sources.execution_id
      and r.task_key >= coalesce(replay_sources.from_key, 0)
  ), carried as materialized (
    select a.id, a.task_run_id, a.number, a.started_at, a.ended_at
    from reprise.attempts as a
    where a.id = any (array(select r.carried_attempt_id from runs as r where r.carried_attempt_id is not null))
  ), deciders as materialized (
    -- What is skipped has no attempt. When it is carried, an earlier execution decided so.
    select r.id as task_run_id, reprise_engine.find_decider(r.id) as id
    from runs as r
    where r.is_carried and r.carried_attempt_id is null
  )
  select
    r.id, r.parent_id, r.task_key, t.kind, t.id, r.iteration, r.iteration_path, r.state, r.attempt_number, coalesce(c.id, o.id), coalesce(c.number, o.number),
    reprise_engine.milliseconds(coalesce(c.ended_at, o.ended_at) - coalesce(c.started_at, o.started_at)),
    coalesce(p.execution_id, r.execution_id), coalesce(p.task_key, r.task_key)
  from runs as r
  join (
    select t.key, t.id, t.kind
    from reprise.tasks as t
    where t.key = any (array(select r.task_key from runs as r)) and t.kind not in ('DEFAULTS', 'OUTPUTS')
  ) as t on t.key = r.task_key
  left join (
    select a.id, a.task_run_id, a.number, a.started_at, a.ended_at
    from reprise.attempts as a
    where a.task_run_id = any (array(select r.id from runs as r where r.carried_attempt_id is null))
  ) as o on o.task_run_id = r.id and o.number = r.attempt_number
  left join carried as c on c.id = r.carried_attempt_id
  left join deciders as d on d.task_run_id = r.id and o.id is null
  left join (
    select p.id, p.execution_id, p.task_key
    from reprise.task_runs as p
    where p.id = any (array(select c.task_run_id from carried as c union all select d.id from deciders as d))
  ) as p on p.id = coalesce(c.task_run_id, d.id);
$$;

comment on function reprise_engine.replay_sources is
  'The task runs of an execution as a replay finds them: the attempt that each shows, and with which execution and task that attempt '
  'ran, or was left out. from_key: only of this task and those behind it.';
