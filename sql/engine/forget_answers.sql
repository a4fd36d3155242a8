create or replace function reprise_engine.forget_answers(task_run_ids bigint[])
returns void
language sql volatile
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set enable_nestloop = on -- whoever calls it may have none, and would have a few rows looked for in a whole index
as $$
  update reprise.attempts as a
  set outputs = json_build_object(
    'iterationCount', coalesce((select l.iteration_count from reprise.loops as l where l.task_run_id = a.task_run_id), 1)
  )
  where a.id = any (array(
    select own.id
    from unnest(forget_answers.task_run_ids) as given (id)
    cross join lateral (select r.task_key, r.attempt_number from reprise.task_runs as r where r.id = given.id offset 0) as r
    cross join lateral (select from reprise.tasks as t where t.key = r.task_key and t.kind = 'LOOP_UNTIL' offset 0) as t
    cross join lateral (
      select own.id from reprise.attempts as own where own.task_run_id = given.id and own.number = r.attempt_number offset 0
    ) as own
  ));
$$;

comment on function reprise_engine.forget_answers is
  'Blocks were killed while a worker looked: whether a LoopUntil among them is over, or waits, is not taken up any more. It stands in the iteration in which it was.';
