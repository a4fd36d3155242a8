create or replace function reprise_engine.read_children(task_key integer)
returns setof reprise.tasks
language sql stable
set search_path = ''
as $$
  select t.*
  from reprise.tasks as t
  where t.parent_key = read_children.task_key and t.branch = 'tasks' and t.lane is not null
  order by t.lane;
$$;

comment on function reprise_engine.read_children is
  'The enabled tasks of a WorkingDirectory, in their order. They never change, so workers keep them.';
