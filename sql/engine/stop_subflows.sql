create or replace function reprise_engine.stop_subflows(task_run_ids bigint[], error jsonb)
returns void
language plpgsql volatile
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
declare
  v_waiting bigint[];
begin
  with stopped as (
    update reprise.attempts as a
    set state = 'KILLED', ended_at = reprise_engine.clock(), error = stop_subflows.error
    where a.id = any (array(
      select own.id
      from unnest(stop_subflows.task_run_ids) as given (id)
      cross join lateral (select r.id, r.attempt_number from reprise.task_runs as r where r.id = given.id and r.state = 'RUNNING' offset 0) as r
      cross join lateral (
        select own.id from reprise.attempts as own where own.task_run_id = r.id and own.number = r.attempt_number offset 0
      ) as own
      -- Their attempts are over, as far as a worker is concerned.
      where exists (select from reprise.subflows as s where s.task_run_id = r.id and s.attempt_number = r.attempt_number offset 0)
    ))
    returning a.task_run_id
  )
  select coalesce(array_agg(s.task_run_id), '{}') into v_waiting from stopped as s;

  if v_waiting <> '{}' then
    perform reprise_engine.show_stopped_children(v_waiting);
  end if;
end;
$$;

comment on function reprise_engine.stop_subflows is
  'Of these task runs, which are being ended from outside, those that wait for children show that they were stopped, and how these stand. The caller ends the task runs.';
