create or replace function reprise_engine.resume_for_task(execution_id uuid, inputs json, actor text, task_run_id bigint default null)
returns void
language sql volatile
set search_path = ''
as $$
  select from reprise_engine.resume_execution(
    resume_for_task.execution_id, inputs => resume_for_task.inputs, task_run_id => resume_for_task.task_run_id,
    actor => resume_for_task.actor, may_be_sealed => true, is_found => true
  );
$$;

comment on function reprise_engine.resume_for_task is
  'Resumes a paused execution, as a task of another one, or of it, asks. task_run_id: the Pause for which the inputs were made.';
