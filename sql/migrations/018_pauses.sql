-- Executions that stand still: for a Pause that waits for somebody or for its time, or because somebody has paused them.

create table reprise.pauses (
  task_run_id bigint not null,
  due_at timestamptz,
  ending reprise.task_run_state not null default 'SUCCESS',
  inputs jsonb not null default '[]',
  constraint pauses_pkey primary key (task_run_id),
  constraint pauses_ending_check check (ending in ('SUCCESS', 'WARNING', 'FAILED', 'CANCELLED'))
);
create index pauses_due_at_idx on reprise.pauses (due_at) where due_at is not null;
comment on table reprise.pauses is 'What a Pause waits for that is PAUSED. It goes with its task run, which a trigger sees to.';
comment on column reprise.pauses.task_run_id is 'Its task run.';
comment on column reprise.pauses.due_at is 'When it goes on by itself; empty when it waits for somebody.';
comment on column reprise.pauses.ending is 'How it ends when it goes on by itself.';
comment on column reprise.pauses.inputs is 'The inputs that it asks for, defined as those of a flow; whoever resumes it gives them.';

alter table reprise.executions add column is_held boolean not null default false;
comment on column reprise.executions.is_held is
  'Whether somebody has paused it as a whole: what runs goes on to its end, nothing begins. A Pause holds only what stands behind it.';
