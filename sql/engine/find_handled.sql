create or replace function reprise_engine.find_handled(execution_id uuid)
returns bigint[]
language plpgsql stable
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
begin
  return (
    with recursive handled (id) as (
      select r.id
      from (select r.id, r.task_key from reprise.task_runs as r where r.execution_id = find_handled.execution_id offset 0) as r
      cross join lateral (select t.is_handler from reprise.tasks as t where t.key = r.task_key offset 0) as t
      where t.is_handler
      union all
      select r.id from handled as h cross join lateral (select r.id from reprise.task_runs as r where r.parent_id = h.id offset 0) as r
    )
    select coalesce(array_agg(h.id), '{}') from handled as h
  );
end;
$$;

comment on function reprise_engine.find_handled is
  'The task runs of an execution that handle how something ended, and all that is in them.';
