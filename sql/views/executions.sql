create or replace view reprise_api.executions as
select
  e.id,
  e.namespace,
  e.flow_id,
  e.flow_revision,
  e.state,
  e.attempt_number,
  reprise_engine.mask_secrets(e.inputs) as inputs,
  -- Derived, so that a replay changes nothing of its original.
  case
    -- Not `exists`: for that, Postgres would read all executions first.
    when (select true from reprise.executions as x where x.original_id = e.id limit 1) then e.labels || '{"system.replayed": "true"}'
    else e.labels
  end as labels,
  e.labels as own_labels,
  reprise_engine.mask_secrets(e.variables) as variables,
  reprise_engine.mask_secrets(e.trigger) as trigger,
  reprise_engine.mask_secrets(e.outputs) as outputs,
  e.error,
  e.note,
  e.start_date,
  e.schedule_date,
  e.created_at,
  coalesce(e.first_started_at, e.started_at) as started_at,
  e.ended_at,
  -- Not the clock itself: a volatile column keeps Postgres from reading the view by its indexes.
  (extract(epoch from coalesce(e.ended_at, statement_timestamp()) - coalesce(e.first_started_at, e.started_at)) * 1000)::bigint as duration_ms,
  e.created_by,
  e.original_id is not null as is_replay,
  e.original_id,
  coalesce(e.root_id, e.id) as root_id,
  e.root_id as root_key,
  e.anchors,
  jsonb_build_array(jsonb_build_object(
    'state', case when e.anchors is null or e.anchors @> '[{"anchor": "start"}]' then 'CREATED' else 'RESTARTED' end, 'at', e.created_at
  ))
    || e.past_states
    || case when e.started_at is null then '[]' else jsonb_build_array(jsonb_build_object('state', 'RUNNING', 'at', e.started_at)) end
    || case when e.killing_at is null then '[]' else jsonb_build_array(jsonb_build_object('state', 'KILLING', 'at', e.killing_at)) end
    || case
      when e.ended_at is null and e.state in ('CREATED', 'QUEUED', 'RUNNING', 'PAUSED', 'BREAKPOINT', 'RESTARTED', 'KILLING') then '[]'
      else jsonb_build_array(jsonb_build_object('state', e.state, 'at', e.ended_at))
    end as state_history,
  e.saved_ms,
  (
    select count(*)::integer from reprise.executions as x where x.original_id = e.id and x.purged_at is null
  ) as replay_count,
  e.parent_task_run_id,
  (
    select count(*)::integer
    from reprise.tasks as t
    where t.namespace = e.namespace and t.flow_id = e.flow_id and t.revision = e.flow_revision
      and not t.is_disabled and t.kind not in ('DEFAULTS', 'OUTPUTS', 'LOOP_OUTPUTS')
  ) as task_count,
  (
    select count(*)::integer
    from reprise.task_runs as r
    join reprise.tasks as t on t.key = r.task_key
    where r.execution_id = e.id and t.kind not in ('DEFAULTS', 'OUTPUTS', 'LOOP_OUTPUTS')
  ) as task_run_count,
  (
    select count(*)::integer
    from reprise.task_runs as r
    join reprise.tasks as t on t.key = r.task_key
    where r.execution_id = e.id and t.kind not in ('DEFAULTS', 'OUTPUTS', 'LOOP_OUTPUTS') and r.ended_at is not null
  ) as ended_task_run_count,
  (
    select count(*)::integer
    from reprise.task_runs as r
    join reprise.tasks as t on t.key = r.task_key
    where r.execution_id = e.id and t.kind not in ('DEFAULTS', 'OUTPUTS', 'LOOP_OUTPUTS') and r.is_carried
      -- See task_runs.is_reopened.
      and (
        t.kind in ('RUNNABLE', 'SUBFLOW')
        or r.ended_at = r.created_at and not exists (select from reprise.blocks as b where b.task_run_id = r.id)
      )
  ) as carried_task_run_count,
  e.queued_at,
  e.deadline_at,
  e.violated_slas,
  (
    select parent.id
    from reprise.task_runs as r
    join reprise.executions as parent on parent.id = r.execution_id and parent.purged_at is null
    where r.id = e.parent_task_run_id
  ) as parent_id,
  e.retry_at,
  case
    -- A replay that somebody asks for begins a line of its own.
    when e.state = 'RETRIED' then (select x.id from reprise.executions as x where x.original_id = e.id and x.try > 1 and x.purged_at is null)
  end as retried_as_id
from reprise.executions as e
where e.purged_at is null;

comment on view reprise_api.executions is 'One run of a flow on one revision. A replay is an execution that names its original.';
comment on column reprise_api.executions.id is 'A uuid of version 7, so that ids sort by the time of creation.';
comment on column reprise_api.executions.namespace is 'The namespace of the flow.';
comment on column reprise_api.executions.flow_id is 'The id of the flow.';
comment on column reprise_api.executions.flow_revision is 'The number of the revision that it runs on.';
comment on column reprise_api.executions.state is 'Where it stands.';
comment on column reprise_api.executions.attempt_number is
  'Counts from 1: the original''s plus one for a replay, one more for each restart.';
comment on column reprise_api.executions.inputs is 'The inputs, checked and complete; stars stand for secrets.';
comment on column reprise_api.executions.labels is
  'The labels, one JSON object of text. A replay has system.replay, what was replayed system.replayed; '
  'system.correlationId is the id of the first execution of all that hang together: what it starts by Subflows, and replays.';
comment on column reprise_api.executions.own_labels is 'The labels as they are stored, without system.replayed; they have an index.';
comment on column reprise_api.executions.variables is 'The variables, not yet rendered.';
comment on column reprise_api.executions.trigger is 'What started it, when a trigger did.';
comment on column reprise_api.executions.outputs is 'The outputs of the flow, once they are rendered.';
comment on column reprise_api.executions.error is 'Why it failed, when that was not a task: {"reason", "message"}.';
comment on column reprise_api.executions.note is 'Why it was created, in the words of who did.';
comment on column reprise_api.executions.start_date is
  'What expressions call execution.startDate. A replay from a task run keeps that of its original.';
comment on column reprise_api.executions.schedule_date is 'Not before this time.';
comment on column reprise_api.executions.created_at is 'When it was created, by its own clock.';
comment on column reprise_api.executions.started_at is 'When its first attempt began.';
comment on column reprise_api.executions.ended_at is 'When it reached a terminal state.';
comment on column reprise_api.executions.duration_ms is
  'How long it has been running, in milliseconds: up to now while it runs. Empty before its first attempt.';
comment on column reprise_api.executions.created_by is 'Who created it.';
comment on column reprise_api.executions.is_replay is 'Whether it replays another execution.';
comment on column reprise_api.executions.original_id is 'The execution that it replays.';
comment on column reprise_api.executions.root_id is 'The first original of its line of replays: its own id when it is no replay.';
comment on column reprise_api.executions.root_key is 'The first original as it is stored: empty when it is no replay.';
comment on column reprise_api.executions.anchors is 'Where the replay starts.';
comment on column reprise_api.executions.state_history is 'The states it went through: [{"state", "at"}].';
comment on column reprise_api.executions.saved_ms is
  'How long the carried task runs had taken, in milliseconds: the time that the replay saved.';
comment on column reprise_api.executions.replay_count is 'How many replays it has.';
comment on column reprise_api.executions.parent_task_run_id is 'The Subflow task run that started it.';
comment on column reprise_api.executions.parent_id is 'The execution that started it, by a Subflow or a ForEachItem.';
comment on column reprise_api.executions.task_count is 'How many enabled tasks its revision has.';
comment on column reprise_api.executions.task_run_count is 'How many task runs it has so far.';
comment on column reprise_api.executions.ended_task_run_count is 'How many of its task runs have ended.';
comment on column reprise_api.executions.carried_task_run_count is
  'How many of its task runs were carried from an original; blocks that were opened again are not.';
comment on column reprise_api.executions.queued_at is
  'When it came to wait for a slot of its flow, which limits how many run at once; empty if it did not have to.';
comment on column reprise_api.executions.deadline_at is 'When the next SLA on its duration will be violated, or would have been.';
comment on column reprise_api.executions.violated_slas is 'The ids of the SLAs that it has violated, in their order; the second of an id is `id#2`.';
comment on column reprise_api.executions.retry_at is
  'When an execution is created in its place, as long as that is to come: of one that is RETRIED.';
comment on column reprise_api.executions.retried_as_id is 'The execution that a retry has created in its place: of one that is RETRIED.';
