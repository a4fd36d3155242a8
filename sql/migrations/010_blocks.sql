-- Tasks that run other tasks: how their lists hang together, and how one that runs stands.
--
-- A block runs lanes: lists of tasks in which one runs after another. A Sequential has one; a Parallel and a Dag one for each task; a
-- ForEach one for each value, an EachParallel one for each task and value. What is open is counted on the row of the block, so that the end of a lane costs the same whether it is
-- one of two or of ten thousand.

alter table reprise.tasks
  add column is_inline boolean not null default false,
  add column is_handler boolean not null generated always as (branch in ('errors', 'finally', 'afterExecution')) stored,
  add column lane integer,
  add column depends_on integer[],
  add column reads_parents boolean not null generated always as (
    coalesce((reads ->> 'all')::boolean or (reads ->> 'parents')::boolean, true)
  ) stored;
create index tasks_lane_idx on reprise.tasks (parent_key, branch, lane) where parent_key is not null and lane is not null;
create index tasks_first_idx on reprise.tasks (namespace, flow_id, revision, branch) where parent_key is null and lane = 0;
comment on column reprise.tasks.is_inline is
  'Whether SQL opens it by itself, in the transaction that comes to it: a block without a template to render first.';
comment on column reprise.tasks.is_handler is
  'Whether it stands in a list that runs whatever happened: how it ends changes nothing about the block or the execution around it.';
comment on column reprise.tasks.lane is
  'Its number among the enabled tasks of its list, from 0. In a Parallel or a Dag it is that of the lane that it has for itself.';
comment on column reprise.tasks.depends_on is 'In a Dag, the keys of the tasks that have to end before it begins.';

comment on column reprise.tasks.reads_parents is 'Whether it reads what stands around it.';

create table reprise.blocks (
  task_run_id bigint not null,
  branch text not null,
  attempt_id bigint,
  lanes integer not null,
  width integer not null default 1,
  begun_lanes integer not null default 0,
  open_lanes integer not null default 0,
  concurrent integer,
  is_stopped boolean not null default false,
  verdict reprise.execution_state not null default 'SUCCESS',
  constraint blocks_pkey primary key (task_run_id),
  constraint blocks_task_run_id_fkey foreign key (task_run_id) references reprise.task_runs (id) on delete cascade,
  constraint blocks_lanes_check check (begun_lanes between 0 and lanes and open_lanes between 0 and begun_lanes),
  constraint blocks_width_check check (width >= 1),
  constraint blocks_concurrent_check check (concurrent >= 1),
  constraint blocks_verdict_check check (verdict in ('SUCCESS', 'WARNING', 'CANCELLED', 'FAILED', 'KILLED'))
) with (fillfactor = 70);
comment on table reprise.blocks is 'How a block stands that has been opened: the list that it runs, and how many lanes of it are begun and open.';
comment on column reprise.blocks.task_run_id is 'Its task run.';
comment on column reprise.blocks.branch is 'The list that it runs: tasks, then, else, cases.…, defaults, and behind these errors and finally.';
comment on column reprise.blocks.attempt_id is 'The attempt that found out what it has to run, where one had to.';
comment on column reprise.blocks.lanes is 'How many lanes that list has.';
comment on column reprise.blocks.width is
  'How many lanes each iteration has: one, or in an EachParallel one for each of its tasks. Of a Parallel, all.';
comment on column reprise.blocks.begun_lanes is 'How many of them have begun.';
comment on column reprise.blocks.open_lanes is 'How many of these have not ended.';
comment on column reprise.blocks.concurrent is 'How many may be open at once; empty without a limit.';
comment on column reprise.blocks.is_stopped is 'Whether something has failed in it: then no more lanes begin. A failure that a replay carries stops nothing.';
comment on column reprise.blocks.verdict is 'The worst end that a task of its own lists has come to: what it makes of its own state.';

create table reprise.iterations (
  attempt_id bigint not null,
  number integer not null,
  value text not null,
  constraint iterations_pkey primary key (attempt_id, number),
  constraint iterations_attempt_id_fkey foreign key (attempt_id) references reprise.attempts (id) on delete cascade
);
comment on table reprise.iterations is 'The values that a loop goes through.';
comment on column reprise.iterations.attempt_id is
  'The attempt of the loop that found them; a replay that carries the loop points at it, so they are never copied.';
comment on column reprise.iterations.number is 'The number of the iteration, from 0: its lane.';
comment on column reprise.iterations.value is 'What templates read as taskrun.value; lists and maps are JSON.';

alter type reprise.begun_attempt add attribute ancestors jsonb;
alter type reprise.opening
  add attribute parent_id bigint,
  add attribute iteration integer,
  add attribute iteration_path text[];

create type reprise.replay_node as (
  around integer,
  branch text,
  is_wide boolean,
  in_handler boolean,
  is_inserted boolean,
  decision text,
  kind reprise.task_kind,
  task_key integer,
  task_id text,
  iteration integer,
  iteration_path text[],
  task_run_id bigint,
  state reprise.task_run_state,
  attempt_id bigint,
  attempt_number integer,
  execution_id uuid,
  duration_ms bigint,
  changed_keys text[],
  is_overridden boolean
);
comment on type reprise.replay_node is
  'A task run of an original laid beside the task of the target revision that it belongs to. An array of them is a tree in the order of the '
  'flow: a block comes before what is in it, which says by around at which place of the array the block stands.';
alter type reprise.replay_plan_task add attribute iteration integer;
comment on column reprise.replay_plan_task.iteration is 'The number of its iteration, from 0, directly inside a loop.';
