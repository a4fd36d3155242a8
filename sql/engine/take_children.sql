create or replace function reprise_engine.take_children(
  task_run_ids bigint[],
  extracts json,
  out counting bigint[],
  out counts json[],
  out done bigint[],
  out outcomes reprise.task_run_state[],
  out outputs json[],
  out errors jsonb[]
)
language plpgsql volatile
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set enable_nestloop = off
as $$
begin
  with told as materialized (
    select *
    from reprise_engine.judge_children(take_children.task_run_ids) as j
    where j.fate <> 'LATER' and (j.wanted is null or j.fate = 'GONE' or take_children.extracts -> j.task_run_id::text is not null)
  ), forgotten as (
    delete from reprise.ended_subflows as d
    where d.id = any (array(select ended.id from told cross join lateral unnest(told.ended_ids) as ended (id)))
  ), taken as materialized (
    select told.*, a.outputs as counted, coalesce((t.definition ->> 'transmitFailed')::boolean, true) as transmits,
      take_children.extracts -> told.task_run_id::text as extract
    from told
    cross join lateral (select a.outputs from reprise.attempts as a where a.id = told.attempt_id offset 0) as a
    cross join lateral (select r.task_key from reprise.task_runs as r where r.id = told.task_run_id offset 0) as r
    cross join lateral (select t.definition from reprise.tasks as t where t.key = r.task_key offset 0) as t
    where told.fate <> 'GONE'
  ), known as (
    update reprise.subflows as s
    set ended_state = taken.child_state
    from taken
    where s.id = any (array(select t.subflow_id from taken as t)) and s.id = taken.subflow_id
  ), said as (
    insert into reprise.logs (logged_at, execution_id, task_run_id, attempt_id, level, message)
    select
      now.at, taken.execution_id, taken.task_run_id, taken.attempt_id, line.level::reprise.log_level, line.message
    from taken
    cross join reprise_engine.clock() as now (at)
    cross join lateral (
      select
        case taken.child_state when 'FAILED' then 'ERROR' else 'WARN' end as level,
        format(
          'Subflow execution [[link execution="%s" flowId="%s" namespace="%s"]] ends in %s state', taken.child_id, taken.child_flow_id,
          taken.child_namespace, taken.child_state
        ) as message
      where taken.transmits and taken.child_state in ('FAILED', 'WARNING')
      union all
      select 'ERROR', format('Failed to extract outputs with the error: ''%s''', taken.extract ->> 'fault')
      where taken.extract -> 'fault' is not null
    ) as line
  ), batched as materialized (
    select distinct on (taken.task_run_id) taken.task_run_id, taken.fate, taken.transmits, taken.counted
    from taken
    where taken.counted -> 'iterations' is not null
  ), counted as materialized (
    -- One more of how each has ended, one less of what was known of it before.
    select
      n.task_run_id, sum(n.count)::integer as batches,
      jsonb_object_agg(n.state, n.count) filter (where n.count > 0 or n.state in ('CREATED', 'RUNNING')) as iterations,
      coalesce(bool_or(n.count > 0) filter (where n.state in ('CREATED', 'RUNNING')), false) as goes_on,
      (array_agg(n.state order by array_position('{FAILED,KILLED,WARNING}'::text[], n.state)) filter (where n.count > 0))[1] as worst
    from (
      select move.task_run_id, move.state, sum(move.change)::integer as count
      from (
        select b.task_run_id, was.key as state, was.value::integer as change
        from batched as b
        cross join lateral json_each_text(b.counted -> 'iterations') as was
        union all
        select taken.task_run_id, taken.child_state::text, 1 from taken where taken.counted -> 'iterations' is not null
        union all
        select taken.task_run_id, coalesce(taken.known_state::text, 'RUNNING'), -1 from taken where taken.counted -> 'iterations' is not null
      ) as move
      group by move.task_run_id, move.state
    ) as n
    group by n.task_run_id
  ), ended as materialized (
    select
      taken.task_run_id, taken.fate, null::json as counts, taken.transmits, taken.child_state::text as worst, taken.extract ->> 'fault' as fault,
      case
        when given.outputs is null then json_build_object('executionId', taken.child_id, 'state', taken.child_state)
        else json_build_object('executionId', taken.child_id, 'state', taken.child_state, 'outputs', given.outputs)
      end as outputs,
      format('Subflow execution %s ends in %s state', taken.child_id, taken.child_state) as message
    from taken
    cross join lateral (select coalesce(taken.extract -> 'outputs', taken.outputs) as outputs) as given
    where taken.counted -> 'iterations' is null
    union all
    select
      c.task_run_id, b.fate, json_build_object('iterations', c.iterations, 'numberOfBatches', c.batches), b.transmits,
      case when not c.goes_on then c.worst end, null,
      json_build_object(
        'iterations', c.iterations, 'numberOfBatches', c.batches, 'subflowOutputsBaseUri', reprise_engine.subflow_outputs_uri(c.task_run_id)
      ),
      format('%s of %s subflow executions end in %s state', c.iterations ->> c.worst, c.batches, c.worst)
    from counted as c
    join batched as b on b.task_run_id = c.task_run_id
  ), judged as materialized (
    select
      e.*,
      case
        when e.worst is null then null
        when e.fault is not null and not (e.transmits and e.worst in ('FAILED', 'KILLED')) then 'FAILED'
        when e.transmits and e.worst in ('FAILED', 'KILLED', 'WARNING') then e.worst
        else 'SUCCESS'
      end::reprise.task_run_state as outcome
    from ended as e
  ), final as materialized (
    -- What has failed by several of them is mended when all have ended well.
    select j.*, j.outcome is not null and (j.fate = 'TAKE' or j.outcome in ('SUCCESS', 'WARNING')) as is_over from judged as j
  )
  select
    coalesce(array_agg(f.task_run_id) filter (where not f.is_over and f.counts is not null), '{}'),
    array_agg(f.counts) filter (where not f.is_over and f.counts is not null),
    coalesce(array_agg(f.task_run_id) filter (where f.is_over), '{}'),
    array_agg(f.outcome) filter (where f.is_over),
    array_agg(f.outputs) filter (where f.is_over),
    array_agg(case
      when f.outcome = 'FAILED' and f.worst <> 'FAILED' then jsonb_build_object(
        'reason', 'outputs_not_extracted', 'message', format('Failed to extract outputs with the error: ''%s''', f.fault)
      )
      when f.outcome in ('FAILED', 'KILLED') then jsonb_build_object('reason', 'subflow_' || lower(f.worst), 'message', f.message)
    end) filter (where f.is_over)
  into counting, counts, done, outcomes, outputs, errors
  from final as f;
end;
$$;

comment on function reprise_engine.take_children is
  'Takes how children have ended into the task runs that waited for them: returns those that go on counting, and those that are done with '
  'what they have come to. The caller holds the locks of their executions.';
