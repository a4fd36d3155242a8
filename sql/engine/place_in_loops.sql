create or replace function reprise_engine.place_in_loops(task_run reprise.task_runs)
returns integer[]
language plpgsql stable
set search_path = ''
as $$
declare
  v_place integer[] := case when task_run.iteration is null then '{}' else array[task_run.iteration] end;
  v_missing integer := cardinality(task_run.iteration_path) - cardinality(v_place);
  v_parent_id bigint := task_run.parent_id;
  v_iteration integer;
begin
  -- Mostly there is one loop, and the task run stands directly in it.
  while v_missing > 0 and v_parent_id is not null loop
    select r.parent_id, r.iteration into v_parent_id, v_iteration from reprise.task_runs as r where r.id = v_parent_id;
    if v_iteration is not null then
      v_place := v_iteration || v_place;
      v_missing := v_missing - 1;
    end if;
  end loop;
  return v_place;
end;
$$;

comment on function reprise_engine.place_in_loops is
  'Where a task run stands in the loops around it: the number of the iteration in each, the outermost first. So outputs are read in the order of '
  'the values, whatever ran first.';
