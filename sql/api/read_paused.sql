create or replace function reprise_api.read_paused(task_run_id bigint)
returns json
language sql volatile security definer -- volatile, so that it is no query of its own in GraphQL
set search_path = ''
as $$
  select reprise_engine.read_paused(read_paused.task_run_id);
$$;

comment on function reprise_api.read_paused is
  'What the templates of a Pause that waits see, secrets encrypted, for whoever can render what it asks for and has their key.';
