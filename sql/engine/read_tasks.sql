create or replace function reprise_engine.read_tasks(task_keys integer[])
returns setof reprise.tasks
language sql stable
set search_path = ''
as $$
  select t.*
  from reprise.tasks as t
  where t.key = any (read_tasks.task_keys);
$$;

comment on function reprise_engine.read_tasks is 'The compiled tasks of these keys. They never change, so workers keep them.';
