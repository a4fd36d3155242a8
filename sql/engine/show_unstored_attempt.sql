create or replace function reprise_engine.show_unstored_attempt(task_run_id bigint)
returns setof reprise_api.attempts
language sql stable rows 1
set search_path = ''
as $$
  with recursive line (id, is_carried, original_id) as (
    select r.id, r.is_carried, r.original_id from reprise.task_runs as r where r.id = show_unstored_attempt.task_run_id
    union all
    -- What is carried without an attempt has that of its original.
    select r.id, r.is_carried, r.original_id
    from line
    cross join lateral (select r.* from reprise.task_runs as r where r.id = line.original_id offset 0) as r
    where line.is_carried
  )
  select
    -r.id, r.id, t.id, e.id, e.namespace, e.flow_id, e.flow_revision, r.attempt_number + 1, 1,
    case when r.ended_at is null then 'RUNNING' else r.state::text::reprise.attempt_state end,
    case when r.state = 'SKIPPED' then r.ended_at else r.created_at end,
    r.ended_at,
    case
      when r.state = 'SKIPPED' then 0
      else (extract(epoch from coalesce(r.ended_at, statement_timestamp()) - r.created_at) * 1000)::bigint
    end,
    null::real, null, null::jsonb, null::jsonb, null, null::integer
  from line
  cross join lateral (select r.* from reprise.task_runs as r where r.id = line.id offset 0) as r
  cross join lateral (select e.* from reprise.executions as e where e.id = r.execution_id offset 0) as e
  cross join lateral (select t.* from reprise.tasks as t where t.key = r.task_key offset 0) as t
  where not line.is_carried
    and (
      r.state = 'SKIPPED'
      or t.is_inline and r.state <> 'BREAKPOINT' and not exists (select from reprise.attempts as a where a.task_run_id = r.id)
    );
$$;

comment on function reprise_engine.show_unstored_attempt is
  'The attempt of a task run that no worker had, or only to be told that it is skipped. Nothing is stored for it; its id is that of the task run, below 0.';
