create or replace function reprise_engine.shown_runs(execution_id uuid, from_key integer default null, until_key integer default null)
returns table (
  task_run_id bigint,
  parent_id bigint,
  task_key integer,
  iteration integer,
  iteration_path text[],
  state reprise.task_run_state,
  is_carried boolean,
  last_attempt_number integer,
  attempt_id bigint,
  attempt_number integer,
  duration_ms bigint,
  ran_task_run_id bigint
)
language sql stable -- and without settings, so that it is inlined where it is called
as $$
  -- Each table is asked once for all rows, by the keys that the one before gave: whatever the planner thinks of their number, an
  -- execution of a thousand task runs costs a few scans of an index, not thousands.
  with runs as materialized (
    select r.id, r.parent_id, r.task_key, r.iteration, r.iteration_path, r.state, r.is_carried, r.attempt_number, r.carried_attempt_id
    from reprise.task_runs as r
    where r.execution_id = shown_runs.execution_id
      and r.task_key >= coalesce(shown_runs.from_key, 0) and r.task_key < coalesce(shown_runs.until_key, 2147483647)
  )
  select
    r.id, r.parent_id, r.task_key, r.iteration, r.iteration_path,
    case
      -- What was retried in another execution has failed in this one. The blocks around it were stopped for that, and have handled nothing.
      when r.state = 'RETRIED' then
        case
          when exists (select from reprise.task_runs as inside where inside.parent_id = r.id and inside.state = 'RETRIED') then 'KILLED'
          else 'FAILED'
        end::reprise.task_run_state
      -- What an SLA stopped shows as its verdict, and has come to no end of its own.
      when r.state = 'FAILED' and exists (
          select from reprise.executions as e where e.id = shown_runs.execution_id and e.error ->> 'reason' = 'sla_violated'
        )
        and reprise_engine.was_stopped(r.id)
        then 'KILLED'
      else r.state
    end,
    r.is_carried, r.attempt_number, coalesce(c.id, o.id), coalesce(c.number, o.number),
    reprise_engine.milliseconds(coalesce(c.ended_at, o.ended_at) - coalesce(c.started_at, o.started_at)), c.task_run_id
  from runs as r
  left join (
    select a.id, a.task_run_id, a.number, a.started_at, a.ended_at
    from reprise.attempts as a
    where a.id = any (array(select r.carried_attempt_id from runs as r where r.carried_attempt_id is not null))
  ) as c on c.id = r.carried_attempt_id
  left join (
    select a.id, a.task_run_id, a.number, a.started_at, a.ended_at
    from reprise.attempts as a
    where a.task_run_id = any (array(select r.id from runs as r where r.carried_attempt_id is null))
  ) as o on o.task_run_id = r.id and o.number = r.attempt_number;
$$;

comment on function reprise_engine.shown_runs is
  'The task runs of an execution with the attempt that each shows: its last, or the one that it carries; ran_task_run_id is the task run of that, in an earlier execution. '
  'from_key and until_key: only of the tasks from the one to before the other.';
