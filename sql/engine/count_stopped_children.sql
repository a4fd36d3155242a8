create or replace function reprise_engine.count_stopped_children(task_run_id bigint, attempt_number integer)
returns json
language sql stable
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
  with states as (
    select
      case
        when c.state in ('KILLING', 'RETRIED') then 'KILLED' -- and nothing takes the place of one that was to be retried
        when c.ended_at is null then 'RUNNING'
        else c.state::text
      end as state,
      1 as count
    from reprise.subflows as s
    cross join lateral (select c.state, c.ended_at from reprise.executions as c where c.id = s.execution_id offset 0) as c
    where s.task_run_id = count_stopped_children.task_run_id and s.attempt_number = count_stopped_children.attempt_number
    union all
    values ('CREATED', 0), ('RUNNING', 0)
  )
  select json_build_object('iterations', json_object_agg(n.state, n.count), 'numberOfBatches', sum(n.count))
  from (select s.state, sum(s.count) as count from states as s group by s.state order by s.state) as n;
$$;

comment on function reprise_engine.count_stopped_children is
  'What a ForEachItem shows of its children that is killed with them: how those have ended, or end now.';
