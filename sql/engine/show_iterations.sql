create or replace function reprise_engine.show_iterations(task_run_ids bigint[])
returns void
language plpgsql volatile
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
declare
  v_shown record;
begin
  with ended as materialized (
    -- Each iteration as it has ended, and what it gives.
    select
      r.parent_id, r.iteration,
      reprise_engine.verdict_of(max(reprise_engine.gravity(
        case when r.state = 'SKIPPED' or t.is_handler then 'SUCCESS' else r.state::text::reprise.execution_state end
      ))) as verdict,
      max(coalesce(r.carried_attempt_id, own.id)) filter (where t.kind = 'LOOP_OUTPUTS' and r.state = 'SUCCESS') as giver
    from reprise.task_runs as r
    cross join lateral (select t.kind, t.is_handler from reprise.tasks as t where t.key = r.task_key offset 0) as t
    left join lateral (
      select a.id from reprise.attempts as a where t.kind = 'LOOP_OUTPUTS' and a.task_run_id = r.id and a.number = r.attempt_number offset 0
    ) as own on true
    where r.parent_id = any (show_iterations.task_run_ids)
    group by r.parent_id, r.iteration
  ), found as (
    select
      b.task_run_id, b.attempt_id, a.task_run_id = b.task_run_id as is_own, a.outputs as before,
      reprise_engine.lay_over(a.outputs, reprise_engine.lay_over(json_build_object(
        'runningIterations', 0,
        'terminatedIterations', coalesce((
          select jsonb_object_agg(s.verdict, s.count)
          from (
            select e.verdict, count(*) as count from ended as e where e.parent_id = b.task_run_id and e.verdict is not null group by e.verdict
            union all
            -- Where nothing is to run in them, they have ended well with nothing in them.
            select 'SUCCESS', (a.outputs ->> 'iterationCount')::bigint where not gives.anything and a.outputs ->> 'iterationCount' <> '0'
          ) as s
        ), '{}')
      ), case when gives.outputs then json_build_object(
        'outputs', coalesce((
          select json_agg(
            json_build_object(
              'item', jsonb_build_object('value', coalesce(i.item, i.value), 'iteration', i.number)
                || case when i.item is null then '{}' else jsonb_build_object('key', i.value) end,
              'outputs', coalesce(made.outputs, '{}')
            )
            order by i.number
          )
          from ended as e
          cross join lateral (select made.outputs from reprise.attempts as made where made.id = e.giver offset 0) as made
          cross join lateral (
            select i.number, i.value, i.item from reprise.iterations as i where i.attempt_id = b.attempt_id and i.number = e.iteration offset 0
          ) as i
          where e.parent_id = b.task_run_id and (e.verdict <> 'FAILED' or b.tolerated = 'KILLED')
        ), '[]')
      ) else '{}' end)) as outputs
    from reprise.blocks as b
    cross join lateral (select r.task_key from reprise.task_runs as r where r.id = b.task_run_id offset 0) as r
    cross join lateral (select a.task_run_id, a.outputs from reprise.attempts as a where a.id = b.attempt_id offset 0) as a
    cross join lateral (
      select
        count(*) > 0 as anything,
        count(*) filter (where t.kind = 'LOOP_OUTPUTS') > 0 as outputs
      from reprise.tasks as t
      where t.parent_key = r.task_key and t.branch in ('tasks', 'finally', 'outputs') and not t.is_disabled
    ) as gives
    where b.task_run_id = any (show_iterations.task_run_ids)
  ), written as (
    update reprise.attempts as a
    set outputs = f.outputs
    from found as f
    where a.id = any (array(select f.attempt_id from found as f where f.is_own)) and a.id = f.attempt_id
    returning a.id, a.outputs
  )
  select
    array(select w.id from written as w) as attempt_ids,
    array(select w.outputs from written as w) as outputs,
    -- What a replay points at is the original's: where it comes to something else, it has an attempt of its own.
    coalesce(array_agg(f.task_run_id) filter (where not f.is_own and f.outputs::jsonb <> f.before::jsonb), '{}') as other_ids,
    coalesce(array_agg(f.outputs) filter (where not f.is_own and f.outputs::jsonb <> f.before::jsonb), '{}') as other_outputs
  into v_shown
  from found as f;

  if v_shown.other_ids <> '{}' then
    perform reprise_engine.own_iterations(v_shown.other_ids, v_shown.other_outputs);
  end if;
  delete from reprise.file_references as f where f.attempt_id = any (v_shown.attempt_ids);
  perform reprise_engine.reference_files(v_shown.attempt_ids, v_shown.outputs);
end;
$$;

comment on function reprise_engine.show_iterations is
  'Loops that have gone through their iterations show how many ended in which state, and what they gave, in the order of their values.';
