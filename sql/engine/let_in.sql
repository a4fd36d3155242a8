create or replace function reprise_engine.let_in(namespace text, flow_id text, concurrency_limit integer, batch integer)
returns integer
language plpgsql volatile
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
declare
  v_free integer;
  v_admitted uuid[];
begin
  -- Guard. Whoever holds a flow waits for no execution: those that somebody is at work on are passed over.
  v_free := least(
    let_in.concurrency_limit - reprise_engine.count_slots(let_in.namespace, let_in.flow_id, let_in.concurrency_limit), let_in.batch
  );
  if v_free <= 0 then
    return 0;
  end if;
  v_admitted := reprise_engine.lock_queued(let_in.namespace, let_in.flow_id, v_free);

  -- Nobody may come to free a slot again, and those passed over may stay as they are: somebody looks again soon.
  if cardinality(v_admitted) < v_free
    and reprise_engine.count_queued(let_in.namespace, let_in.flow_id, cardinality(v_admitted) + 1) > cardinality(v_admitted)
  then
    -- The key is nobody's who does not hold the flow.
    perform graphile_worker.add_job(
      'reprise.Gate', json_build_object('namespace', let_in.namespace, 'flowId', let_in.flow_id),
      run_at => reprise_engine.clock() + interval '100 milliseconds',
      job_key => 'gate_again:' || let_in.namespace || '/' || let_in.flow_id, job_key_mode => 'preserve_run_at'
    );
  end if;

  -- Change, consequence, notify.
  if v_admitted <> '{}' then
    -- One that ends as soon as it begins lets in the next by a job: a long queue of such would end in as deep a recursion.
    perform set_config('reprise.is_letting_in', 'true', true);
    perform reprise_engine.leave_queue(v_admitted, holding => let_in.concurrency_limit is not null);
    perform set_config('reprise.is_letting_in', '', true);
  end if;
  return cardinality(v_admitted);
end;
$$;

comment on function reprise_engine.let_in is
  'Starts the executions that have waited longest in the queue of a flow, as many as it has free slots, or all where it has no limit. The '
  'caller holds the lock of the flow. Returns how many; there may be more, and a job for those that somebody is at work on.';
