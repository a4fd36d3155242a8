create or replace function reprise_engine.judge_subflows(children reprise.taken_child[])
returns table (
  task_run_id bigint,
  is_over boolean,
  counts json,
  outcome reprise.task_run_state,
  outputs json,
  error jsonb
)
language sql stable
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_nestloop = off -- everything here is a set, and a wrong guess at its size would make it a square
as $$
  with ended as materialized (
    select
      c.task_run_id, null::json as counts, c.transmits_failed, c.child_state::text as worst, c.extract ->> 'fault' as fault,
      case
        when given.outputs is null then json_build_object('executionId', c.child_id, 'state', c.child_state)
        else json_build_object('executionId', c.child_id, 'state', c.child_state, 'outputs', given.outputs)
      end as outputs,
      format('Subflow execution %s ends in %s state', c.child_id, c.child_state) as message
    from unnest(judge_subflows.children) as c
    cross join lateral (select coalesce(c.extract -> 'outputs', c.outputs) as outputs) as given
    where c.counts is null
    union all
    select
      n.task_run_id, json_build_object('iterations', n.iterations, 'numberOfBatches', n.batches), first.transmits_failed,
      case when not n.goes_on then n.worst end, null,
      json_build_object(
        'iterations', n.iterations, 'numberOfBatches', n.batches, 'subflowOutputsBaseUri', reprise_engine.subflow_outputs_uri(n.task_run_id)
      ),
      format('%s of %s subflow executions end in %s state', n.iterations ->> n.worst, n.batches, n.worst)
    from reprise_engine.count_children(judge_subflows.children) as n
    join (
      select distinct on (c.task_run_id) c.task_run_id, c.transmits_failed
      from unnest(judge_subflows.children) as c
      order by c.task_run_id
    ) as first on first.task_run_id = n.task_run_id
  ), judged as (
    select
      e.*,
      case
        when e.worst is null then null
        when e.fault is not null and not (e.transmits_failed and e.worst in ('FAILED', 'KILLED')) then 'FAILED'
        when e.transmits_failed and e.worst in ('FAILED', 'KILLED', 'WARNING') then e.worst
        else 'SUCCESS'
      end::reprise.task_run_state as outcome
    from ended as e
  )
  select
    j.task_run_id, j.outcome is not null, j.counts, j.outcome, j.outputs,
    case
      when j.outcome = 'FAILED' and j.worst <> 'FAILED' then jsonb_build_object(
        'reason', 'outputs_not_extracted', 'message', format('Failed to extract outputs with the error: ''%s''', j.fault)
      )
      when j.outcome in ('FAILED', 'KILLED') then jsonb_build_object('reason', 'subflow_' || lower(j.worst), 'message', j.message)
    end
  from judged as j;
$$;

comment on function reprise_engine.judge_subflows is
  'What these ends of children make of the task runs that take them: how those end that wait for no other, with what outputs or by what error, and what the others '
  'have counted.';
