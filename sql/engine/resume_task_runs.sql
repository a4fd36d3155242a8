create or replace function reprise_engine.resume_task_runs(
  task_run_ids bigint[],
  endings reprise.task_run_state[],
  inputs json[],
  resumed_by text
)
returns void
language plpgsql volatile
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
declare
  v_now timestamptz := reprise_engine.clock();
  v_executions uuid[];
  v_resumed bigint[];
  v_cancelled bigint[];
  v_over bigint[] := '{}';
begin
  with given as materialized (
    select
      r.id, r.execution_id, r.attempt_number, g.inputs, g.ending,
      -- An allowed failure goes on as a warning does.
      case when g.ending = 'FAILED' and t.allow_failure then 'WARNING' else g.ending end as outcome
    from unnest(resume_task_runs.task_run_ids, resume_task_runs.endings, resume_task_runs.inputs) as g (id, ending, inputs)
    join reprise.task_runs as r on r.id = g.id
    join reprise.tasks as t on t.key = r.task_key
    where r.state = 'PAUSED'
  ), told as (
    update reprise.attempts as a
    set outputs = reprise_engine.lay_over(
      case when g.inputs is null then '{}' else json_build_object('onResume', g.inputs) end,
      json_build_object('resumed', json_build_object('by', resume_task_runs.resumed_by, 'on', to_char(v_now at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), 'to', g.outcome))
    )
    from given as g
    where a.task_run_id = g.id and a.number = g.attempt_number
  ), waited as (
    delete from reprise.pauses as p where p.task_run_id = any (array(select g.id from given as g))
  ), going_on as (
    update reprise.task_runs as r
    set state = 'RUNNING'
    where r.id = any (array(select g.id from given as g))
  )
  select
    coalesce(array_agg(distinct g.execution_id), '{}'),
    coalesce(array_agg(g.id) filter (where g.outcome <> 'CANCELLED'), '{}'),
    coalesce(array_agg(g.id) filter (where g.outcome = 'CANCELLED'), '{}')
  into v_executions, v_resumed, v_cancelled
  from given as g;

  if v_cancelled <> '{}' then
    v_over := reprise_engine.end_after(v_cancelled, array(select 'CANCELLED'::reprise.task_run_state from unnest(v_cancelled)));
    v_cancelled := array(select unnest(v_cancelled) except select unnest(v_over));
  end if;
  perform reprise_engine.unpause_executions(v_executions);
  perform reprise_engine.enqueue_task_runs(reprise_engine.open_tasks(reprise_engine.advance(v_over, blocks => v_resumed)));
  if v_cancelled <> '{}' then
    perform reprise_engine.end_around(v_cancelled, 'CANCELLED');
  end if;
end;
$$;

comment on function reprise_engine.resume_task_runs is
  'These Pauses go on, to these endings: their tasks run, or what handles their failure, and then they end. A cancelled one ends its '
  'execution at once, unless that has ended. The caller holds the locks of their executions.';
