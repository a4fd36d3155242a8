-- What Subflows work with on their way from what they ask for to their children, and from the ends of these back.

create type reprise.subflow_request as (
  task_run_id bigint,
  execution_id uuid,
  attempt_id bigint,
  attempt_number integer,
  kept_attempt_number integer,
  request json,
  trigger json,
  waits boolean,
  created_by text
);
comment on type reprise.subflow_request is
  'What the attempt of a Subflow asks for, as a worker has rendered it; what its children show as their trigger; whether it waits for them; and behind a '
  'restart, the children of which attempt it keeps.';

create type reprise.kept_child as (
  task_run_id bigint,
  iteration integer,
  execution_id uuid,
  attempt_number integer,
  state reprise.execution_state,
  has_ended boolean
);
comment on type reprise.kept_child is 'A child that a Subflow has behind a restart, since the attempt before had started it.';

create type reprise.prepared_subflow as (
  task_run_id bigint,
  namespace text,
  flow_id text,
  revision integer,
  variables json,
  labels jsonb,
  inputs json[],
  undeclared text[],
  sla jsonb,
  is_limited boolean,
  is_unresolved boolean,
  error jsonb
);
comment on type reprise.prepared_subflow is
  'What the children of a Subflow start with, one for each of the inputs, and what it gives that their flow does not declare; or why there cannot be any.';

create type reprise.taken_child as (
  task_run_id bigint,
  execution_id uuid,
  attempt_id bigint,
  subflow_id bigint,
  fate text,
  transmits_failed boolean,
  counts json,
  child_id uuid,
  child_namespace text,
  child_flow_id text,
  child_state reprise.execution_state,
  known_state reprise.execution_state,
  outputs json,
  extract json
);
comment on type reprise.taken_child is
  'A child that has ended, and the task run that takes that: what its attempt has counted so far, where it counts, and how it had known the child to have '
  'ended; else what the child gives, and what a worker has rendered of that.';
