create or replace view reprise_api.task_runs as
select
  r.id,
  r.execution_id,
  t.id as task_id,
  r.task_key,
  t.type as task_type,
  t.kind as task_kind,
  r.state,
  r.attempt_number,
  r.try,
  r.iteration,
  r.iteration_path,
  r.parent_id,
  r.is_carried and not reopened.is_so as is_carried,
  reopened.is_so as is_reopened,
  coalesce(own.overridden_by is not null, false) as is_overridden,
  coalesce(r.original_id, carried.task_run_id) as original_id,
  coalesce(carried.id, own.id) as shown_attempt_id,
  reprise_engine.mask_secrets(case
    -- A Loop that was opened again, and goes on or was stopped then, has not ended as it had before: see outputs_inside.
    when t.type like '%.flow.Loop' and (
      r.state = 'RUNNING'
      or coalesce((select b.open_lanes > 0 from reprise.blocks as b where b.task_run_id = r.id), r.state in ('KILLED', 'CANCELLED', 'RETRIED'))
    ) then (coalesce(carried.outputs, own.outputs)::jsonb - '{runningIterations,terminatedIterations,outputs}'::text[])::json
    when carried.id is not null then carried.outputs
    else own.outputs
  end) as outputs,
  case
    when carried.id is not null then carried.error
    -- What failed by nothing else failed since somebody said so.
    when r.marked_by is not null and r.state = 'FAILED' and own.error is null
      then jsonb_build_object('reason', 'marked_as_failed', 'message', format('It was marked as FAILED by %s.', r.marked_by))
    else own.error
  end as error,
  own.progress,
  own.progress_note,
  r.created_at,
  first.started_at,
  r.ended_at,
  -- Not the clock itself: a volatile column keeps Postgres from reading the view by its indexes.
  case
    when carried.id is not null and not reopened.is_so then (extract(epoch from carried.ended_at - carried.started_at) * 1000)::bigint
    else (extract(epoch from coalesce(r.worked_until, r.ended_at, statement_timestamp()) - first.started_at) * 1000)::bigint
  end as duration_ms,
  r.retry_at,
  jsonb_build_array(jsonb_build_object('state', 'CREATED', 'at', r.created_at))
    || case when reopened.is_so and (r.is_carried or own.id is null) and first.started_at is not null then jsonb_build_array(jsonb_build_object('state', 'RUNNING', 'at', first.started_at)) else '[]' end
    || coalesce(
      (
        select jsonb_agg(jsonb_build_object('state', change.state, 'at', change.at) order by tried.number, change.place)
        from (
          select
            a.number, a.state, a.started_at, a.ended_at,
            a.number < r.attempt_number or r.state in ('CREATED', 'RETRYING', 'RESTARTED')
              or a.ended_at < r.ended_at and (a.state <> 'SUCCESS' or t.kind <> 'RUNNABLE') as has_gone_on,
            -- The end of the attempt that a block begins with is not its own.
            t.kind <> 'RUNNABLE' and a.state = 'SUCCESS' as is_beginning,
            t.kind = 'PAUSE' and a.state = 'SUCCESS' as is_pause,
            case when t.kind = 'PAUSE' then (a.outputs #>> '{resumed,on}')::timestamptz end as resumed_at,
            case when t.kind = 'PAUSE' then a.outputs #>> '{resumed,to}' end as resumed_to,
            lead(a.started_at) over (order by a.number) as next_at
          from reprise.attempts as a
          where a.task_run_id = r.id and a.overridden_by is null
        ) as tried
        -- A restart stands between two attempts, or behind the last one.
        left join lateral (
          select min((past.entry ->> 'at')::timestamptz) as at
          from jsonb_array_elements(e.past_states) as past (entry)
          where past.entry ->> 'state' = 'RESTARTED' and (past.entry ->> 'at')::timestamptz >= tried.ended_at
            and ((past.entry ->> 'at')::timestamptz <= tried.next_at or tried.next_at is null)
        ) as restart on tried.has_gone_on
        left join lateral (
          select
            case past.entry ->> 'state' when 'KILLING' then 'KILLED' else past.entry ->> 'state' end as state,
            (past.entry ->> 'at')::timestamptz as at
          from jsonb_array_elements(e.past_states) as past (entry)
          where past.entry ->> 'state' not in ('RUNNING', 'PAUSED', 'BREAKPOINT', 'QUEUED', 'RESTARTED')
            and (past.entry ->> 'at')::timestamptz between tried.ended_at and restart.at
          order by at
          limit 1
        ) as ended on tried.is_pause and tried.resumed_at is null
        cross join lateral (
          values
            (1, 'RUNNING', tried.started_at, true),
            -- The last attempt's end is the task run's own, unless something came behind it.
            (
              2, case when tried.is_pause then 'PAUSED' else tried.state::text end, tried.ended_at,
              tried.has_gone_on and not tried.is_beginning or tried.is_pause
            ),
            (3, 'RETRYING', tried.ended_at, tried.has_gone_on and not tried.is_beginning and tried.state <> 'RESUBMITTED' and restart.at is null),
            (3, 'RUNNING', tried.resumed_at, tried.is_pause),
            -- A Pause that nobody has resumed was ended by the kill of its execution, or with what ended that.
            (3, ended.state, ended.at, tried.is_pause and tried.resumed_at is null),
            (4, tried.resumed_to, tried.resumed_at, tried.resumed_to in ('FAILED', 'CANCELLED') and restart.at is not null and coalesce(restart.at <= r.ended_at, true)),
            (5, 'RESTARTED', restart.at, coalesce(restart.at <= r.ended_at, true))
        ) as change (place, state, at, is_shown)
        where change.is_shown and change.at is not null
      ),
      '[]'
    )
    || case
      when t.is_inline and not r.is_carried and own.id is null and r.state <> 'BREAKPOINT'
        then jsonb_build_array(jsonb_build_object('state', 'RUNNING', 'at', r.created_at))
      else '[]'
    end
    || case
      when r.state in ('CREATED', 'RUNNING', 'PAUSED', 'BREAKPOINT', 'RETRYING', 'RESTARTED') then '[]'
      else jsonb_build_array(jsonb_build_object('state', r.state, 'at', r.ended_at))
    end as state_history,
  r.marked_by,
  case when r.marked_by is not null then r.ended_at end as marked_at
from reprise.task_runs as r
join reprise.executions as e on e.id = r.execution_id and e.purged_at is null
join reprise.tasks as t on t.key = r.task_key and t.kind not in ('DEFAULTS', 'OUTPUTS', 'LOOP_OUTPUTS')
left join reprise.attempts as carried on carried.id = r.carried_attempt_id
left join reprise.attempts as own on own.task_run_id = r.id and own.number = r.attempt_number
cross join lateral (
  select case
    when e.original_id is null or t.kind in ('RUNNABLE', 'SUBFLOW') then false
    -- What is carried whole has ended in the moment in which it was carried, and its lists are never opened.
    when r.is_carried then r.ended_at is distinct from r.created_at or exists (select from reprise.blocks as b where b.task_run_id = r.id)
    -- A loop that has asked for its values anew, or gives other outputs, has an attempt of its own.
    else t.kind = 'FOR_EACH' and exists (select from reprise.task_runs as inside where inside.parent_id = r.id and inside.is_carried)
  end as is_so
) as reopened
cross join lateral (
  -- A block that needs no worker runs from the moment in which it is come to, and one that is opened again from the start of the replay.
  select case
    -- It may wait with its execution, for a slot or a date. A loop that asks for its values anew begins with that.
    when reopened.is_so and (r.is_carried or own.id is null)
      then case when coalesce(e.first_started_at, e.started_at) is not null then greatest(r.created_at, coalesce(e.first_started_at, e.started_at)) end
    else coalesce(
      min(a.started_at), case when t.is_inline and not r.is_carried and r.state not in ('BREAKPOINT', 'SKIPPED') then r.created_at end
    )
  end as started_at
  from reprise.attempts as a
  where a.task_run_id = r.id and a.overridden_by is null
) as first;

comment on view reprise_api.task_runs is
  'One task of one execution, in one iteration of the loops around it. Its outputs are those of the attempt it shows: '
  'the carried one, else its own last.';
comment on column reprise_api.task_runs.id is
  'Stable over attempts and new in a replay: the idempotency key for side effects.';
comment on column reprise_api.task_runs.execution_id is 'Its execution.';
comment on column reprise_api.task_runs.task_id is 'The id of its task.';
comment on column reprise_api.task_runs.task_key is 'The key of its task, on the revision of its execution.';
comment on column reprise_api.task_runs.task_type is 'The full name of its task type.';
comment on column reprise_api.task_runs.task_kind is 'How the engine treats it: RUNNABLE ones go to a worker, the others are blocks.';
comment on column reprise_api.task_runs.state is 'Where it stands.';
comment on column reprise_api.task_runs.attempt_number is 'The number of its last attempt; attempts of its originals count.';
comment on column reprise_api.task_runs.try is 'How many attempts its retry budget has seen; starts anew in a replay and a restart.';
comment on column reprise_api.task_runs.iteration is 'The number of its iteration, from 0, directly inside a loop.';
comment on column reprise_api.task_runs.iteration_path is
  'The values of the loops around it, outermost first, its own last; empty outside loops.';
comment on column reprise_api.task_runs.parent_id is 'The task run of the block it stands in.';
comment on column reprise_api.task_runs.is_carried is 'Whether a replay carried it, a block with all that stands in it, instead of running it.';
comment on column reprise_api.task_runs.is_reopened is
  'Whether a replay opened this block again and went on in it: some of what stands in it is carried, and it ends in this execution.';
comment on column reprise_api.task_runs.is_overridden is 'Whether the caller of the replay gave its outputs.';
comment on column reprise_api.task_runs.original_id is 'The task run of the original execution that it carries or runs again.';
comment on column reprise_api.task_runs.shown_attempt_id is 'The attempt whose outputs it shows.';
comment on column reprise_api.task_runs.outputs is 'The outputs of the attempt it shows.';
comment on column reprise_api.task_runs.error is 'Why the attempt it shows failed: {"reason", "message", …}.';
comment on column reprise_api.task_runs.progress is 'How far a long one is, from 0 to 1, as far as it can tell.';
comment on column reprise_api.task_runs.progress_note is 'What a long one is doing.';
comment on column reprise_api.task_runs.created_at is 'When the execution reached it, or carried it.';
comment on column reprise_api.task_runs.started_at is 'When its first attempt in this execution began; empty when it was carried.';
comment on column reprise_api.task_runs.ended_at is 'When it reached a terminal state in this execution.';
comment on column reprise_api.task_runs.duration_ms is
  'How long it took in milliseconds, its retries included, up to now while it runs; when it was carried, how long the attempt that it '
  'shows had taken; when it was marked, up to where it had ended by itself.';
comment on column reprise_api.task_runs.retry_at is 'When its next attempt may begin.';
comment on column reprise_api.task_runs.marked_by is 'Who has said that it shall have ended as it has, where somebody has.';
comment on column reprise_api.task_runs.marked_at is 'When that was said.';
comment on column reprise_api.task_runs.state_history is 'The states it went through in this execution: [{"state", "at"}].';
