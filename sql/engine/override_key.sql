create or replace function reprise_engine.override_key(task_id text, iteration_path text[])
returns text
language sql immutable -- and without settings, so that it is inlined where it is called
as $$
  select override_key.task_id || coalesce(to_jsonb(override_key.iteration_path)::text, '');
$$;

comment on function reprise_engine.override_key is 'How overrides name a task, or one iteration of it: TASK, TASK["VALUE", …].';
