create or replace function reprise_engine.carried_rank(replay reprise.executions)
returns bigint
language sql stable
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
  select max(c.rank)
  from reprise.executions as line
  cross join lateral (select c.rank, c.attempt_id from reprise.variable_changes as c where c.execution_id = line.id offset 0) as c
  cross join lateral (
    select from reprise.task_runs as r where r.carried_attempt_id = c.attempt_id and r.execution_id = carried_rank.replay.id offset 0
  ) as carried
  where coalesce(line.root_id, line.id) = carried_rank.replay.root_id;
$$;

comment on function reprise_engine.carried_rank is 'The highest rank of the changes of variables that a replay has carried; null where it has carried none.';
