create or replace function reprise_engine.resume_for_task(execution_id uuid, inputs json, actor text)
returns void
language sql volatile
set search_path = ''
as $$
  select from reprise_engine.resume_execution(
    resume_for_task.execution_id, inputs => resume_for_task.inputs, actor => resume_for_task.actor, may_be_sealed => true,
    is_found => true
  );
$$;

comment on function reprise_engine.resume_for_task is
  'Resumes a paused execution, as a task of another one, or of it, asks.';
