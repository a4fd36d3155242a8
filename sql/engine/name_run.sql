create or replace function reprise_engine.name_run(task_id text, iteration_path text[])
returns text
language sql immutable
set search_path = ''
as $$
  select name_run.task_id || coalesce('[' || string_agg(
    case when length(v.value) > 32 then left(v.value, 12) || '…' || right(v.value, 19) else v.value end, ', ' order by v.place
  ) || ']', '')
  from unnest(name_run.iteration_path) with ordinality as v (value, place);
$$;

comment on function reprise_engine.name_run is
  'What a task run is called for a person, as the command line calls it: its task, and in loops the values of those around it, long ones without their middle.';
