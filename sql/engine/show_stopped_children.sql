create or replace function reprise_engine.show_stopped_children(task_run_ids bigint[])
returns void
language sql volatile
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
  update reprise.attempts as a
  set outputs = reprise_engine.count_stopped_children(a.task_run_id, a.number)
  where a.id = any (array(
    select own.id
    from unnest(show_stopped_children.task_run_ids) as given (id)
    cross join lateral (select r.id, r.attempt_number from reprise.task_runs as r where r.id = given.id offset 0) as r
    cross join lateral (
      select own.id
      from reprise.attempts as own
      where own.task_run_id = r.id and own.number = r.attempt_number and own.state = 'KILLED' and own.outputs -> 'iterations' is not null
      offset 0
    ) as own
  ));
$$;

comment on function reprise_engine.show_stopped_children is
  'Of these task runs, ForEachItems that were stopped show in which state each of their children stands.';
