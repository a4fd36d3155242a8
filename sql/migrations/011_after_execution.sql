-- What runs when an execution has ended: its afterExecution tasks see the state in which it did, and change nothing about it.

alter table reprise.tasks add column is_after boolean not null default false;
comment on column reprise.tasks.is_after is 'Whether it stands in the afterExecution list of its flow, at whatever depth.';

alter table reprise.executions add column is_finishing boolean not null default false;
comment on column reprise.executions.is_finishing is 'Whether it has ended and its afterExecution tasks still run.';
create index executions_finishing_idx on reprise.executions (id) where is_finishing;

alter type reprise.begun_attempt
  add attribute execution_state reprise.execution_state,
  add attribute execution_outputs jsonb;
