-- The words of the state machine. Labels are upper case and the same in SQL, GraphQL, YAML and TypeScript.

create type reprise.execution_state as enum (
  'CREATED', 'QUEUED', 'RUNNING', 'PAUSED', 'RETRYING', 'BREAKPOINT', 'RESTARTED', 'KILLING',
  'SUCCESS', 'WARNING', 'FAILED', 'KILLED', 'CANCELLED', 'RETRIED'
);
comment on type reprise.execution_state is 'Where an execution stands. The last six are terminal.';

create type reprise.task_run_state as enum (
  'CREATED', 'RUNNING', 'PAUSED', 'RETRYING', 'BREAKPOINT', 'RESTARTED', 'KILLING',
  'SUCCESS', 'WARNING', 'FAILED', 'KILLED', 'CANCELLED', 'SKIPPED'
);
comment on type reprise.task_run_state is 'Where a task run stands. The last six are terminal.';

create type reprise.attempt_state as enum ('RUNNING', 'SUCCESS', 'WARNING', 'FAILED', 'KILLED', 'RESUBMITTED');
comment on type reprise.attempt_state is
  'Where an attempt stands. RESUBMITTED: its worker was lost, and another attempt took its place.';

create type reprise.task_kind as enum (
  'RUNNABLE', 'SEQUENTIAL', 'PARALLEL', 'DAG', 'IF', 'SWITCH', 'FOR_EACH', 'LOOP_UNTIL', 'ALLOW_FAILURE',
  'WORKING_DIRECTORY', 'PAUSE', 'SUBFLOW', 'FOR_EACH_ITEM', 'DEFAULTS', 'OUTPUTS'
);
comment on type reprise.task_kind is
  'How the engine treats a task: RUNNABLE ones go to a worker, the others are blocks. DEFAULTS and OUTPUTS are the system '
  'steps that render input defaults before the first task and flow outputs after the last.';

create type reprise.log_level as enum ('TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR');
comment on type reprise.log_level is 'How grave a log line is.';
