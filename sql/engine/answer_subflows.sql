create or replace function reprise_engine.answer_subflows(
  requests reprise.subflow_request[],
  kept reprise.kept_child[],
  prepared reprise.prepared_subflow[]
)
returns table (
  task_run_id bigint,
  is_over boolean,
  outcome reprise.task_run_state,
  outputs json,
  error jsonb
)
language sql stable
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set enable_nestloop = off -- what is no look-up here is a set, and a wrong guess at its size would make it a square
as $$
  select
    r.task_run_id, p.error is not null or not r.waits or batches.count = 0,
    case when p.error is not null then 'FAILED' else 'SUCCESS' end::reprise.task_run_state,
    case
      when p.error is not null then null
      when r.request -> 'batches' is not null then json_build_object(
        'iterations', case
          when batches.count = 0 then '{}'::json
          when r.waits then json_build_object('CREATED', 0, 'RUNNING', batches.count)
          else json_build_object('RUNNING', 0, 'SUCCESS', batches.count)
        end,
        'numberOfBatches', batches.count
      )
      when not r.waits then json_build_object('executionId', s.execution_id, 'state', coalesce(k.state, 'CREATED'))
    end,
    p.error
  from unnest(answer_subflows.requests) as r
  cross join lateral (select json_array_length(r.request -> 'inputs') as count) as batches
  left join unnest(answer_subflows.prepared) as p on p.task_run_id = r.task_run_id
  left join unnest(answer_subflows.kept) as k on k.task_run_id = r.task_run_id and k.iteration = 0
  left join lateral (
    select s.execution_id
    from reprise.subflows as s
    where s.task_run_id = r.task_run_id and s.attempt_number = r.attempt_number and s.iteration = 0
    offset 0
  ) as s on true;
$$;

comment on function reprise_engine.answer_subflows is
  'What Subflows show whose children have been created: which end at once, since they wait for nothing or could start nothing, and what the others count.';
