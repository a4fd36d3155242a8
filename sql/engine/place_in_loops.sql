create or replace function reprise_engine.place_in_loops(task_run reprise.task_runs)
returns integer[]
language plpgsql stable
set search_path = ''
as $$
declare
  v_place integer[] := array_remove(array[task_run.iteration], null);
  v_parent_id bigint := task_run.parent_id;
  v_around record;
begin
  -- Mostly there is one loop, and the task run stands directly in it.
  while cardinality(v_place) < cardinality(task_run.iteration_path) and v_parent_id is not null loop
    select r.parent_id, r.iteration into v_around from reprise.task_runs as r where r.id = v_parent_id;
    v_place := array_remove(array[v_around.iteration], null) || v_place;
    v_parent_id := v_around.parent_id;
  end loop;
  return v_place;
end;
$$;

comment on function reprise_engine.place_in_loops is
  'Where a task run stands in the loops around it: the number of the iteration in each, the outermost first. So outputs are read in the order of '
  'the values, whatever ran first.';
