create or replace function reprise_engine.drop_answers(execution_ids uuid[])
returns void
language sql volatile
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
  update reprise.pauses as p
  set answer = null, answered_by = null
  where p.task_run_id = any (array(
    select waiting.task_run_id
    from reprise.pauses as waiting
    cross join lateral (
      select from reprise.task_runs as r
      where r.id = waiting.task_run_id and r.execution_id = any (drop_answers.execution_ids) and r.ended_at is not null
      offset 0
    ) as r
    where waiting.answer is not null
  ));
$$;

comment on function reprise_engine.drop_answers is
  'Forgets what Pauses of these executions were answered that have ended without it, as by a kill.';
