create or replace function reprise_engine.prepare_subflows(requests reprise.subflow_request[], kept reprise.kept_child[])
returns reprise.prepared_subflow[]
language sql stable
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
  select coalesce(array_agg(row(r.task_run_id, p.*)::reprise.prepared_subflow), '{}')
  from unnest(prepare_subflows.requests) as r
  left join (
    select k.task_run_id, count(*) from unnest(prepare_subflows.kept) as k group by k.task_run_id
  ) as had on had.task_run_id = r.task_run_id
  cross join lateral reprise_engine.prepare_subflow(r.execution_id, r.request) as p
  where coalesce(had.count, 0) < json_array_length(r.request -> 'inputs');
$$;

comment on function reprise_engine.prepare_subflows is 'Checks what these Subflows ask for, where any of their children is not there yet.';
