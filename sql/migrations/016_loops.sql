-- Loops that go on until a condition holds: how often they have gone through their tasks, and when they do so next.

create table reprise.loops (
  task_run_id bigint not null,
  iteration_count integer not null,
  began_at timestamptz not null,
  due_at timestamptz,
  constraint loops_pkey primary key (task_run_id),
  constraint loops_iteration_count_check check (iteration_count >= 1)
) with (fillfactor = 70);
create index loops_due_at_idx on reprise.loops (due_at) where due_at is not null;
comment on table reprise.loops is
  'How a LoopUntil stands that has not come to its end. It goes with its task run, which a trigger sees to.';
comment on column reprise.loops.task_run_id is 'Its task run.';
comment on column reprise.loops.iteration_count is 'How often it has gone through its tasks, that under way or to come included.';
comment on column reprise.loops.began_at is 'When it began, or was restarted: what its maxDuration counts from.';
comment on column reprise.loops.due_at is 'When its next iteration begins, where it waits for that.';

alter type reprise.begun_attempt
  add attribute loop jsonb,
  add attribute loop_iteration integer;
