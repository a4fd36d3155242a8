-- Those of purged executions too: a purge keeps only what living replays point at, and this view is read from their task runs.
create or replace view reprise_api.attempts as
select
  a.id,
  a.task_run_id,
  t.id as task_id,
  r.execution_id,
  e.namespace,
  e.flow_id,
  e.flow_revision,
  a.number,
  a.try,
  -- What waits for the executions that it has started, or for what is in it, runs, though no worker holds it; and it ends as the block does.
  case
    when block.goes_on then 'RUNNING'
    when block.has_ended then r.state::text::reprise.attempt_state
    -- One before the last was resumed to that, or killed.
    when block.was_pause then coalesce(a.outputs #>> '{resumed,to}', 'KILLED')::reprise.attempt_state
    else a.state
  end as state,
  a.started_at,
  shown.ended_at,
  -- Not the clock itself: a volatile column keeps Postgres from reading the view by its indexes.
  (extract(epoch from coalesce(shown.ended_at, statement_timestamp()) - a.started_at) * 1000)::bigint as duration_ms,
  a.progress,
  a.progress_note,
  reprise_engine.mask_secrets(a.outputs) as outputs,
  a.error,
  a.overridden_by,
  a.worker_id
from reprise.attempts as a
join reprise.task_runs as r on r.id = a.task_run_id
join reprise.executions as e on e.id = r.execution_id
join reprise.tasks as t on t.key = r.task_key and t.kind not in ('DEFAULTS', 'OUTPUTS', 'LOOP_OUTPUTS')
cross join lateral (
  select
    is_last.so and t.kind <> 'RUNNABLE' and r.state in ('RUNNING', 'PAUSED') as goes_on,
    -- Nothing else succeeds in what has not: what somebody has marked.
    is_last.so and a.state = 'SUCCESS' and r.ended_at is not null
      and (t.kind not in ('RUNNABLE', 'SUBFLOW') or r.state in ('FAILED', 'KILLED', 'CANCELLED', 'RETRIED')) as has_ended,
    t.kind = 'PAUSE' and a.state = 'SUCCESS' and a.overridden_by is null as was_pause
  from (select a.number = r.attempt_number and a.overridden_by is null as so) as is_last
) as block
cross join lateral (
  select case
    when block.goes_on then null
    when block.has_ended then coalesce(r.worked_until, r.ended_at)
    when block.was_pause then coalesce((a.outputs #>> '{resumed,on}')::timestamptz, a.ended_at)
    else a.ended_at
  end as ended_at
) as shown;

comment on view reprise_api.attempts is 'One try at a task run, in this execution or in one that it replays.';
comment on column reprise_api.attempts.id is 'The id.';
comment on column reprise_api.attempts.task_run_id is 'The task run that it was made for.';
comment on column reprise_api.attempts.task_id is 'The id of its task.';
comment on column reprise_api.attempts.execution_id is 'The execution in which it ran.';
comment on column reprise_api.attempts.namespace is 'The namespace of the flow.';
comment on column reprise_api.attempts.flow_id is 'The id of the flow.';
comment on column reprise_api.attempts.flow_revision is 'The number of the revision that it ran on.';
comment on column reprise_api.attempts.number is 'Counts from 1 over everything that ever ran for the task, in the originals too, and what a restart has deleted.';
comment on column reprise_api.attempts.try is 'What the retry budget counts; an attempt lost with its worker takes none.';
comment on column reprise_api.attempts.state is 'How it stands.';
comment on column reprise_api.attempts.started_at is 'When a worker took it.';
comment on column reprise_api.attempts.ended_at is 'When it ended.';
comment on column reprise_api.attempts.duration_ms is 'How long it took, in milliseconds: up to now while it runs.';
comment on column reprise_api.attempts.progress is 'How far a long one is, from 0 to 1, as far as it can tell.';
comment on column reprise_api.attempts.progress_note is 'What a long one is doing.';
comment on column reprise_api.attempts.outputs is 'The outputs that it made.';
comment on column reprise_api.attempts.error is 'Why it failed: {"reason", "message", …}.';
comment on column reprise_api.attempts.overridden_by is 'Who gave its outputs in a replay, instead of a worker.';
comment on column reprise_api.attempts.worker_id is 'The worker that holds or held it.';
