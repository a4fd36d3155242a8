create or replace view reprise_api.metrics as
select
  m.execution_id,
  m.id,
  r.id as task_run_id,
  t.id as task_id,
  a.id as attempt_id,
  a.number as attempt_number,
  m.name,
  m.type,
  m.value,
  m.description,
  m.tags,
  m.recorded_at,
  false as is_carried
from reprise.metrics as m
join reprise.executions as e on e.id = m.execution_id and e.purged_at is null
join reprise.attempts as a on a.id = m.attempt_id
join reprise.task_runs as r on r.id = a.task_run_id
join reprise.tasks as t on t.key = r.task_key

union all

select
  r.execution_id,
  m.id,
  r.id,
  t.id,
  a.id,
  a.number,
  m.name,
  m.type,
  m.value,
  m.description,
  m.tags,
  m.recorded_at,
  true
from reprise.task_runs as r
join reprise.executions as e on e.id = r.execution_id and e.purged_at is null
join reprise.tasks as t on t.key = r.task_key
join reprise.attempts as a on a.id = r.carried_attempt_id
join reprise.metrics as m on m.attempt_id = a.id

union all

select
  r.execution_id,
  m.id,
  r.id,
  t.id,
  a.id,
  a.number,
  m.name,
  m.type,
  m.value,
  m.description,
  m.tags,
  m.recorded_at,
  false
from reprise.task_runs as r
join reprise.executions as e on e.id = r.execution_id and e.purged_at is null
join reprise.tasks as t on t.key = r.task_key
join reprise.attempts as a on a.task_run_id = r.id
cross join lateral (
  -- A Return measures what its attempt tells: it costs no row of its own, since there are many of them.
  values
    (-2 * a.id - 1, 'length', 'COUNTER'::reprise.metric_type, length(coalesce(a.outputs ->> 'value', ''))::double precision, null::text, '{}'::jsonb, a.ended_at),
    (-2 * a.id, 'duration', 'TIMER', extract(epoch from a.ended_at - a.started_at)::double precision * 1000, null, '{}', a.ended_at)
) as m (id, name, type, value, description, tags, recorded_at)
where t.type = 'io.kestra.plugin.core.debug.Return' and a.state = 'SUCCESS' and a.overridden_by is null

union all

select
  r.execution_id,
  m.id,
  r.id,
  t.id,
  a.id,
  a.number,
  m.name,
  m.type,
  m.value,
  m.description,
  m.tags,
  m.recorded_at,
  true
from reprise.task_runs as r
join reprise.executions as e on e.id = r.execution_id and e.purged_at is null
join reprise.tasks as t on t.key = r.task_key
join reprise.attempts as a on a.id = r.carried_attempt_id
cross join lateral (
  values
    (-2 * a.id - 1, 'length', 'COUNTER'::reprise.metric_type, length(coalesce(a.outputs ->> 'value', ''))::double precision, null::text, '{}'::jsonb, a.ended_at),
    (-2 * a.id, 'duration', 'TIMER', extract(epoch from a.ended_at - a.started_at)::double precision * 1000, null, '{}', a.ended_at)
) as m (id, name, type, value, description, tags, recorded_at)
where t.type = 'io.kestra.plugin.core.debug.Return' and a.state = 'SUCCESS' and a.overridden_by is null;

comment on view reprise_api.metrics is
  'What tasks measured, a number each: in the execution itself, and in the attempts that it carries.';
comment on column reprise_api.metrics.execution_id is 'The execution that shows it.';
comment on column reprise_api.metrics.id is 'The id; the same wherever it is carried.';
comment on column reprise_api.metrics.task_run_id is 'The task run of this execution that measured it, or carries the attempt that did.';
comment on column reprise_api.metrics.task_id is 'The id of its task.';
comment on column reprise_api.metrics.attempt_id is 'The attempt that measured it.';
comment on column reprise_api.metrics.attempt_number is 'The number of that attempt.';
comment on column reprise_api.metrics.name is 'What it is called.';
comment on column reprise_api.metrics.type is 'What it measures.';
comment on column reprise_api.metrics.value is 'The number; of a timer in milliseconds.';
comment on column reprise_api.metrics.description is 'What it says, in the words of whoever publishes it.';
comment on column reprise_api.metrics.tags is 'What tells it apart from others of its name, one JSON object of text.';
comment on column reprise_api.metrics.recorded_at is 'When it was recorded.';
comment on column reprise_api.metrics.is_carried is 'Whether it was measured in an earlier execution, by an attempt that this one carries.';
