create or replace function reprise_api.resume_execution(
  execution_id uuid,
  inputs json default null,
  task_run_id bigint default null,
  actor text default null,
  breakpoints text[] default null,
  is_found boolean default false
)
returns reprise.executions
language sql volatile security definer
set search_path = ''
as $$
  select *
  from reprise_engine.resume_execution(
    resume_execution.execution_id, resume_execution.inputs, resume_execution.task_run_id, resume_execution.actor, resume_execution.breakpoints,
    is_found => resume_execution.is_found
  );
$$;

comment on function reprise_api.resume_execution is
  E'Goes on with an execution that is paused: with one that somebody has paused as a whole or that stands at a breakpoint, else from the Pause that waits first, also of the afterExecution of one that has ended.\n\n'
  'inputs: what the Pause asks for, {"ID": VALUE}; checked as the inputs of a flow are. task_run_id: another Pause than the first. '
  'breakpoints: the tasks before which it stops next, in place of those that it had: TASK, or TASK["VALUE", …] inside of loops. '
  'Where only templates tell what the inputs may be, or are, a worker renders them, and then it goes on; or waits on, and its log says why. Until then that Pause takes no other answer. is_found: the caller has '
  'rendered them.';
