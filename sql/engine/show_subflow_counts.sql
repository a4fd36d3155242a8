create or replace function reprise_engine.show_subflow_counts(task_run_ids bigint[], counts json[])
returns void
language sql volatile
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
  update reprise.attempts as a
  set outputs = given.counts
  from unnest(show_subflow_counts.task_run_ids, show_subflow_counts.counts) as given (task_run_id, counts)
  cross join lateral (select r.id, r.attempt_number from reprise.task_runs as r where r.id = given.task_run_id offset 0) as r
  where a.task_run_id = r.id and a.number = r.attempt_number;
$$;

comment on function reprise_engine.show_subflow_counts is 'Shows how many of the children of a ForEachItem stand in which state, while it waits for them.';
