create or replace function reprise_engine.raise_verdicts(execution_ids uuid[], verdicts reprise.execution_state[])
returns void
language sql volatile
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set enable_nestloop = off
as $$
  -- KILLED over FAILED over CANCELLED over WARNING over SUCCESS.
  update reprise.executions as e
  set verdict = worse.verdict
  from (
    select distinct on (given.execution_id) given.execution_id, given.verdict
    from unnest(raise_verdicts.execution_ids, raise_verdicts.verdicts) as given (execution_id, verdict)
    order by given.execution_id, reprise_engine.gravity(given.verdict) desc
  ) as worse
  where e.id = any (raise_verdicts.execution_ids) and e.id = worse.execution_id
    and reprise_engine.gravity(e.verdict) < reprise_engine.gravity(worse.verdict);
$$;

comment on function reprise_engine.raise_verdicts is 'Makes the verdict of executions worse where a task run ended worse than all before it.';
