create or replace function reprise_engine.give_up_retry(execution_ids uuid[], verdict reprise.execution_state, error jsonb)
returns void
language plpgsql volatile
set search_path = ''
as $$
begin
  update reprise.executions as e
  set state = give_up_retry.verdict, verdict = give_up_retry.verdict, error = give_up_retry.error, retry_at = null
  where e.id = any (give_up_retry.execution_ids);

  -- Who has waited for the end of their lines waits no more.
  perform graphile_worker.remove_job('retry:' || given.id) from unnest(give_up_retry.execution_ids) as given (id);
  perform reprise_engine.settle_executions(array(
    select e.id from reprise.executions as e where e.id = any (give_up_retry.execution_ids) and not e.is_finishing
  ));
end;
$$;

comment on function reprise_engine.give_up_retry is
  'No new execution takes the place of these, which were RETRIED: their lines end here, in this state. The caller holds their locks.';
