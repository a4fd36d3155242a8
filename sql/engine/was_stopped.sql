create or replace function reprise_engine.was_stopped(task_run_id bigint)
returns boolean
language sql stable
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
  select
    exists (select from reprise.executions as e where e.id = r.execution_id and e.error ->> 'reason' = 'sla_violated')
    and case when r.is_carried then shown.state = 'KILLED' else shown.id is null or shown.state = 'KILLED' or shown.ended_at < r.ended_at end
    and not exists (select from reprise.task_runs as inside where inside.parent_id = r.id and inside.state = 'FAILED')
  from (select r.* from reprise.task_runs as r where r.id = was_stopped.task_run_id offset 0) as r
  left join lateral reprise_engine.shown_attempt(r.id, r.attempt_number, r.carried_attempt_id) as shown on true;
$$;

comment on function reprise_engine.was_stopped is
  'Whether a task run that shows FAILED has come to no end of its own: an SLA has ended its execution, and the last of its task runs shows the verdict.';
