-- What tasks measure. No reference to attempts, as for what they say; metrics go with their execution.

create type reprise.metric_type as enum ('COUNTER', 'TIMER', 'GAUGE');
comment on type reprise.metric_type is
  'What a metric measures. COUNTER: how many, added up within an attempt. TIMER: how long, in milliseconds, added up likewise. GAUGE: how much, the last value.';

create table reprise.metrics (
  id bigint generated always as identity,
  execution_id uuid not null,
  task_run_id bigint not null,
  attempt_id bigint not null,
  name text not null,
  type reprise.metric_type not null,
  value double precision not null,
  description text,
  tags jsonb not null default '{}',
  recorded_at timestamptz not null,
  constraint metrics_pkey primary key (id),
  constraint metrics_execution_id_fkey foreign key (execution_id) references reprise.executions (id) on delete cascade,
  constraint metrics_attempt_id_name_type_tags_key unique (attempt_id, name, type, tags)
);
create index metrics_execution_id_idx on reprise.metrics (execution_id, id);
comment on table reprise.metrics is 'What tasks measured, a number each.';
comment on column reprise.metrics.id is 'Metrics in the order in which they were taken.';
comment on column reprise.metrics.execution_id is 'The execution.';
comment on column reprise.metrics.task_run_id is 'The task run.';
comment on column reprise.metrics.attempt_id is 'The attempt that measured it; carried attempts bring their metrics along.';
comment on column reprise.metrics.name is 'What it is called.';
comment on column reprise.metrics.type is 'What it measures.';
comment on column reprise.metrics.value is 'The number; of a timer in milliseconds.';
comment on column reprise.metrics.description is 'What it says, in the words of whoever publishes it.';
comment on column reprise.metrics.tags is 'What tells it apart from others of its name, one JSON object of text.';
comment on column reprise.metrics.recorded_at is 'When it was recorded.';
