create or replace function reprise_engine.outputs_inside(loop_id bigint, outputs json)
returns json
language sql stable
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
  select case
    when t.kind = 'LOOP_UNTIL' and r.state = 'RUNNING' and r.carried_attempt_id is not null then (
      select reprise_engine.lay_over(coalesce(outputs_inside.outputs, '{}'), json_build_object('iterationCount', l.iteration_count))
      from reprise.loops as l
      where l.task_run_id = r.id
    )
    when t.type like '%.flow.Loop' and outputs_inside.outputs is not null
      and (
        r.state = 'RUNNING'
        -- Lanes are left open in one that did not come to its own end.
        or coalesce((select b.open_lanes > 0 from reprise.blocks as b where b.task_run_id = r.id), r.state in ('KILLED', 'CANCELLED', 'RETRIED'))
      )
      then reprise_engine.leave_out(outputs_inside.outputs, '{runningIterations,terminatedIterations,outputs}')
  end
  from (select * from reprise.task_runs as r where r.id = outputs_inside.loop_id offset 0) as r
  cross join lateral (select t.kind, t.type from reprise.tasks as t where t.key = r.task_key offset 0) as t;
$$;

comment on function reprise_engine.outputs_inside is
  'What a loop shows that was opened again and goes on, or was stopped then: of a LoopUntil the iteration it is in, of a Loop how many it has, and not how it had ended before. '
  'Null for other blocks.';
