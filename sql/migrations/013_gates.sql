-- What a flow says about when executions may start and how long they may run: slots of flows that limit how many run at once, dates
-- to start at, deadlines.
--
-- A slot is a mark on the execution that holds it, and not a count on the flow: whoever ends an execution touches nothing but its row, and
-- so waits for nobody. Who takes a slot locks the flow, and counts.

create type reprise.concurrency_behavior as enum ('QUEUE', 'CANCEL', 'FAIL');
comment on type reprise.concurrency_behavior is 'What becomes of an execution that finds no free slot of its flow.';

alter table reprise.flows
  add column concurrency_limit integer,
  add column concurrency_behavior reprise.concurrency_behavior,
  add constraint flows_concurrency_check check (
    (concurrency_limit is null) = (concurrency_behavior is null) and concurrency_limit >= 1
  );
comment on column reprise.flows.concurrency_limit is
  'How many executions of it may run at once, on whatever revision: what its latest revision says. Empty without a limit.';
comment on column reprise.flows.concurrency_behavior is 'What becomes of those beyond it.';

alter table reprise.executions
  add column holds_slot boolean not null default false,
  add column queued_at timestamptz,
  add column is_scheduled boolean not null default false,
  add column is_checked boolean not null default false,
  add column deadline_at timestamptz,
  add column is_asserted boolean not null default false,
  add column violated_slas text[] not null default '{}',
  add constraint executions_queued_at_check check (state <> 'QUEUED' or queued_at is not null),
  add constraint executions_holds_slot_check check (not holds_slot or state <> 'QUEUED' and not is_scheduled),
  add constraint executions_is_scheduled_check check (not is_scheduled or state = 'CREATED' and schedule_date is not null);
comment on column reprise.executions.holds_slot is
  'Whether it holds a slot of its flow, which limits how many run at once: from its start until it is over for good.';
comment on column reprise.executions.queued_at is 'Its place in the queue of its flow: when it came there. Empty if it never waited.';
comment on column reprise.executions.is_scheduled is 'Whether it waits for its schedule date.';
comment on column reprise.executions.is_checked is 'Whether who created it has evaluated the checks of its flow; else a worker does.';
comment on column reprise.executions.deadline_at is 'When the next SLA on its duration will be violated.';
comment on column reprise.executions.is_asserted is 'Whether it has SLAs that are to be looked at each time a task of it has ended.';
comment on column reprise.executions.violated_slas is 'The ids of the SLAs that it has violated, in their order.';

-- The slots that are taken, the queue, and what is to happen at a time: of all executions only the few that these are about.
create index executions_slots_idx on reprise.executions (namespace, flow_id) where holds_slot;
create index executions_queue_idx on reprise.executions (namespace, flow_id, queued_at, id) where state = 'QUEUED';
create index executions_scheduled_idx on reprise.executions (schedule_date) where is_scheduled;
create index executions_deadline_idx on reprise.executions (deadline_at) where deadline_at is not null and ended_at is null;
create index flows_limited_idx on reprise.flows (namespace, id) where concurrency_limit is not null;
