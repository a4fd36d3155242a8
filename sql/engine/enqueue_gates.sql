create or replace function reprise_engine.enqueue_gates(namespaces text[], flow_ids text[])
returns void
language sql volatile
set search_path = ''
as $$
  -- Without a key: two transactions that free slots of the same flows in another order would wait for each other.
  select graphile_worker.add_jobs(array_agg((
    'reprise.Gate', json_build_object('namespace', f.namespace, 'flowId', f.flow_id), null, null, null, null, null, null
  )::graphile_worker.job_spec))
  from unnest(enqueue_gates.namespaces, enqueue_gates.flow_ids) as f (namespace, flow_id)
  having count(*) > 0;
$$;

comment on function reprise_engine.enqueue_gates is 'Has a worker look whether executions that wait for slots of these flows can start.';
