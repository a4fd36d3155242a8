create or replace function reprise_api.read_asked(execution_id uuid, task_run_id bigint default null)
returns json
language sql volatile security definer -- volatile, so that it is no query of its own in GraphQL
set search_path = ''
as $$
  select reprise_engine.read_asked(read_asked.execution_id, read_asked.task_run_id);
$$;

comment on function reprise_api.read_asked is
  'What a Pause asks for, with its execution''s inputs and variables, secrets encrypted, for whoever can render templates and has their key.';
