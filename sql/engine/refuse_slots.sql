create or replace function reprise_engine.refuse_slots(
  execution_ids uuid[],
  concurrency_limit integer,
  behavior reprise.concurrency_behavior
)
returns void
language plpgsql volatile
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
declare
  v_now timestamptz := reprise_engine.clock();
  v_message text := format(
    'Execution is %s due to concurrency limit exceeded', case behavior when 'FAIL' then 'FAILED' else 'CANCELLED' end
  );
begin
  if behavior = 'QUEUE' then
    -- In the order in which they were created or became due; one that is restarted waits behind those who are there.
    update reprise.executions as e
    set (state, queued_at, past_states) = (
      select 'QUEUED'::reprise.execution_state, come.at, e.past_states || jsonb_build_array(jsonb_build_object('state', 'QUEUED', 'at', come.at))
      from (select case when e.state = 'CREATED' then greatest(e.created_at, e.schedule_date) else v_now end as at) as come
    )
    where e.id = any (refuse_slots.execution_ids);
    return;
  end if;

  perform reprise_engine.log_event(refused.id, v_message, case behavior when 'FAIL' then 'ERROR' else 'WARN' end::reprise.log_level)
  from unnest(refuse_slots.execution_ids) as refused (id);
  perform reprise_engine.end_executions(
    refuse_slots.execution_ids,
    case behavior when 'FAIL' then 'FAILED' else 'CANCELLED' end::reprise.execution_state,
    jsonb_build_object(
      'reason', 'concurrency_limit_exceeded',
      'message', format('%s: its flow runs no more than %s at once.', v_message, refuse_slots.concurrency_limit)
    )
  );
end;
$$;

comment on function reprise_engine.refuse_slots is
  'What becomes of executions for which their flow has no free slot: they wait in its queue, or end without having run.';
