create or replace function reprise_engine.take_children(
  task_run_ids bigint[],
  extracts json,
  out mended uuid[],
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
declare
  v_children reprise.taken_child[];
begin
  with told as materialized (
    select *
    from reprise_engine.judge_children(take_children.task_run_ids, take_children.extracts) as j
    where j.fate <> 'LATER' and (j.wanted is null or j.fate <> 'TAKE' or j.rendered is not null)
  ), forgotten as (
    delete from reprise.ended_subflows as d
    where d.id = any (array(select ended.id from told cross join lateral unnest(told.ended_ids) as ended (id)))
  )
  select
    coalesce(array_agg(row(
      told.task_run_id, told.execution_id, told.attempt_id, told.subflow_id,
      coalesce((t.definition ->> 'transmitFailed')::boolean, true), a.counts, told.child_id, told.child_namespace, told.child_flow_id,
      told.child_state, told.known_state, case when a.counts is null then told.outputs end, told.rendered
    )::reprise.taken_child) filter (where told.fate = 'TAKE'), '{}'),
    -- What has ended stays as it is: nothing of them is taken before another attempt waits for it.
    coalesce(array_agg(distinct told.execution_id) filter (where told.fate = 'MEND'), '{}')
  into v_children, mended
  from told
  cross join lateral (
    select case when a.outputs -> 'iterations' is not null then a.outputs end as counts
    from reprise.attempts as a
    where a.id = told.attempt_id
    offset 0
  ) as a
  cross join lateral (select r.task_key from reprise.task_runs as r where r.id = told.task_run_id offset 0) as r
  cross join lateral (select t.definition from reprise.tasks as t where t.key = r.task_key offset 0) as t
  where told.fate <> 'GONE';

  update reprise.subflows as s
  set ended_state = c.child_state, is_counted_failed = c.counts is not null and c.extract -> 'fault' is not null,
    outputs = case when c.counts is not null then c.extract -> 'outputs' end
  from unnest(v_children) as c
  where s.id = any (array(select k.subflow_id from unnest(v_children) as k)) and s.id = c.subflow_id;

  perform reprise_engine.log_children(v_children);

  select
    coalesce(array_agg(j.task_run_id) filter (where not j.is_over and j.counts is not null), '{}'),
    array_agg(j.counts) filter (where not j.is_over and j.counts is not null),
    coalesce(array_agg(j.task_run_id) filter (where j.is_over), '{}'),
    array_agg(j.outcome) filter (where j.is_over),
    array_agg(j.outputs) filter (where j.is_over),
    array_agg(j.error) filter (where j.is_over)
  into counting, counts, done, outcomes, outputs, errors
  from reprise_engine.judge_subflows(v_children) as j;
end;
$$;

comment on function reprise_engine.take_children is
  'Takes how children have ended into the task runs that waited for them: returns those that go on counting, and those that are done with '
  'what they have come to; and the ended executions that may go on, since what had failed them has ended well by now. The caller holds the locks of their executions.';
