create or replace view reprise_api.waits as
select
  'pause-' || r.id as id,
  e.id as execution_id,
  'PAUSE'::reprise.wait_kind as kind,
  r.id as task_run_id,
  t.id as task_id,
  r.iteration_path,
  a.ended_at as since,
  p.due_at,
  case when p.due_at is not null then case when p.ending = 'FAILED' and t.allow_failure then 'WARNING' else p.ending end end as ending,
  reprise_engine.mask_secrets(p.inputs) as inputs,
  null::integer as concurrency_limit,
  null::integer as ahead
from reprise.executions as e
-- Looked up for this execution alone: of all there are, next to none are paused.
cross join lateral (select * from reprise.task_runs as x where x.execution_id = e.id and x.state = 'PAUSED' offset 0) as r
join reprise.tasks as t on t.key = r.task_key
join reprise.pauses as p on p.task_run_id = r.id
left join reprise.attempts as a on a.task_run_id = r.id and a.number = r.attempt_number
where (e.state = 'PAUSED' or e.is_finishing) and e.purged_at is null

union all

select
  'held-' || e.id, e.id, 'HELD', null, null, null,
  -- Of one that a Pause may have paused before, its states do not tell.
  case
    when not exists (
      select
      from (select x.task_key from reprise.task_runs as x where x.execution_id = e.id offset 0) as x
      cross join lateral (select from reprise.tasks as t where t.key = x.task_key and t.kind = 'PAUSE' offset 0) as t
    ) then (e.past_states -> -1 ->> 'at')::timestamptz
  end, null, null, null, null, null
from reprise.executions as e
where e.state = 'PAUSED' and e.is_held and e.purged_at is null
  and not exists (select from reprise.task_runs as x where x.execution_id = e.id and x.state = 'BREAKPOINT' offset 0)

union all

select
  'breakpoint-' || r.id, e.id, 'BREAKPOINT', r.id, t.id, r.iteration_path,
  greatest(r.created_at, (e.past_states -> -1 ->> 'at')::timestamptz), null, null, null, null, null
from reprise.executions as e
cross join lateral (select * from reprise.task_runs as x where x.execution_id = e.id and x.state = 'BREAKPOINT' offset 0) as r
join reprise.tasks as t on t.key = r.task_key
where e.state in ('PAUSED', 'BREAKPOINT') and e.is_held and e.purged_at is null

union all

select
  'slot-' || e.id, e.id, 'SLOT', null, null, null, e.queued_at, null, null, null, f.concurrency_limit,
  (
    select count(*)::integer
    from reprise.executions as x
    where x.namespace = e.namespace and x.flow_id = e.flow_id and x.state = 'QUEUED' and (x.queued_at, x.id) < (e.queued_at, e.id)
  )
from reprise.executions as e
join reprise.flows as f on f.namespace = e.namespace and f.id = e.flow_id
where e.state = 'QUEUED' and e.purged_at is null;

comment on view reprise_api.waits is
  'What executions wait for that are PAUSED, at a BREAKPOINT or QUEUED, or whose afterExecution stands at a Pause. By kind and task run, what is resumed first comes first.';
comment on column reprise_api.waits.id is 'Tells it from the others.';
comment on column reprise_api.waits.execution_id is 'The execution that waits.';
comment on column reprise_api.waits.kind is 'What it waits for.';
comment on column reprise_api.waits.task_run_id is 'The Pause that waits, or what stands at the breakpoint.';
comment on column reprise_api.waits.task_id is 'The id of its task.';
comment on column reprise_api.waits.iteration_path is 'The values of the loops around it, outermost first.';
comment on column reprise_api.waits.since is 'Since when; empty for one that somebody has paused where a Pause may have waited before.';
comment on column reprise_api.waits.due_at is 'When a Pause goes on by itself; empty when it waits for somebody.';
comment on column reprise_api.waits.ending is 'How it ends then: SUCCESS and WARNING go on, CANCELLED ends the execution.';
comment on column reprise_api.waits.inputs is
  'What a Pause asks of whoever resumes it, in their order: [{"id", "type", "required", "defaults", …}].';
comment on column reprise_api.waits.concurrency_limit is 'How many executions of its flow may run at once, where it waits for a slot of that.';
comment on column reprise_api.waits.ahead is 'How many wait for a slot before it.';
