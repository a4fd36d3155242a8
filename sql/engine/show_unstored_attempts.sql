create or replace function reprise_engine.show_unstored_attempts(task_run_id bigint)
returns setof reprise_api.attempts
language sql stable rows 2
set search_path = ''
as $$
  with recursive line (id, is_carried, original_id, most) as (
    select r.id, r.is_carried, coalesce(r.original_id, (select c.task_run_id from reprise.attempts as c where c.id = r.carried_attempt_id)), r.attempt_number + 1
    from reprise.task_runs as r
    where r.id = show_unstored_attempts.task_run_id
    union all
    -- What is carried without an attempt has that of its original; what runs again follows on those that its original had had by then.
    select
      r.id, r.is_carried, coalesce(r.original_id, (select c.task_run_id from reprise.attempts as c where c.id = r.carried_attempt_id)),
      case when line.is_carried then line.most else least(line.most, below.attempt_number + (below.state = 'BREAKPOINT')::integer) - 1 end
    from line
    cross join lateral (select r.attempt_number, r.state from reprise.task_runs as r where r.id = line.id offset 0) as below
    cross join lateral (select r.* from reprise.task_runs as r where r.id = line.original_id offset 0) as r
  )
  select
    -r.id, r.id, t.id, e.id, e.namespace, e.flow_id, e.flow_revision, shown.number, 1,
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
  -- One that was to be told only that it is skipped was given back.
  cross join lateral (select r.attempt_number + (r.state = 'SKIPPED')::integer as number) as shown
  where not line.is_carried and shown.number <= line.most
    and (
      r.state = 'SKIPPED'
      or t.is_inline and r.state <> 'BREAKPOINT' and not exists (select from reprise.attempts as a where a.task_run_id = r.id)
    );
$$;

comment on function reprise_engine.show_unstored_attempts is
  'The attempts that a task run counts and that no worker had, or only to be told that it is skipped: its own, and those of the originals that it carries or runs again. '
  'Nothing is stored for them; the id of each is that of its task run, below 0.';
