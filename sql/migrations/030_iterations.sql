-- Loops whose iterations end by themselves: each with handlers of its own, and with outputs.

alter type reprise.task_kind add value 'LOOP_OUTPUTS';
comment on type reprise.task_kind is
  'How the engine treats a task: RUNNABLE ones go to a worker, the others are blocks. DEFAULTS, OUTPUTS and LOOP_OUTPUTS are the system '
  'steps that render input defaults before the first task, flow outputs after the last, and outputs of a Loop at the end of each iteration.';

alter table reprise.tasks
  add column leave_key integer,
  add column failed_key integer,
  add constraint tasks_leave_key_fkey foreign key (leave_key) references reprise.tasks (key) on delete cascade deferrable initially deferred,
  add constraint tasks_failed_key_fkey foreign key (failed_key) references reprise.tasks (key) on delete cascade deferrable initially deferred;
create index tasks_leave_key_idx on reprise.tasks (leave_key) where leave_key is not null;
create index tasks_failed_key_idx on reprise.tasks (failed_key) where failed_key is not null;
comment on column reprise.tasks.leave_key is
  'In a Loop, whose iterations have handlers of their own: the first task of what comes behind its list, when that has ended well.';
comment on column reprise.tasks.failed_key is 'In a Loop: the first task of what comes in its iteration when it has failed.';
comment on column reprise.tasks.lane is
  'Its number among the enabled tasks of its list, from 0. In a Parallel or a Dag it is that of the lane that it has for itself. What comes '
  'behind the tasks in an iteration of a Loop has none.';
comment on column reprise.tasks.branch is
  'The list of its block that it stands in: tasks, then, else, errors, finally; at the top also defaults and outputs (system steps), and outputs in a Loop.';

alter type reprise.replay_node
  add attribute lane integer,
  add attribute is_conditional boolean;
