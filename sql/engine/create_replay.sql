create or replace function reprise_engine.create_replay(
  plan reprise.replay_plan,
  is_from_start boolean,
  overrides json,
  created_by text,
  note text,
  idempotency_key text,
  request_hash text,
  breakpoints text[] default null,
  is_retry boolean default false,
  judgement json default null,
  settled_before integer default null,
  settled_count integer default null
)
returns reprise.executions
language plpgsql volatile
set search_path = ''
as $$
declare
  v_now timestamptz := reprise_engine.clock();
  v_original reprise.executions := reprise_engine.find_execution(plan.execution_id);
  v_replay reprise.executions;
  v_openings reprise.opening[];
  v_is_ending boolean := false;
  v_variables json;
  v_failure text := judgement ->> 'failure';
begin
  -- Holds up nothing but a purge, which must not come between the plan and the pointers; in its order, by id.
  perform from reprise.executions as e where e.id in (v_original.id, v_original.root_id) order by e.id for key share;
  if not exists (select from reprise.executions as e where e.id = v_original.id and e.purged_at is null) then
    raise exception 'Execution % has just been purged.', v_original.id
      using errcode = 'RP404', detail = 'execution_not_found', hint = 'Nothing is left of it to replay.';
  end if;

  -- Where nothing runs again but what comes after it, the original's end is carried too.
  if reprise_engine.is_cut_off(v_original) then
    select coalesce(bool_and(k.is_after), false) into v_is_ending
    from unnest(plan.tasks) as t
    cross join lateral (select k.is_after from reprise.tasks as k where k.key = t.task_key offset 0) as k
    where t.disposition in ('RERUN', 'NEW', 'REOPENED', 'UNKNOWN');
  end if;

  insert into reprise.executions (
    id, namespace, flow_id, flow_revision, state, attempt_number, inputs, labels, variables, trigger, start_date, schedule_date, created_at,
    created_by, note, original_id, root_id, anchors, saved_ms, idempotency_key, request_hash, breakpoints, deadline_at, is_asserted, try,
    first_tried_at, parent_task_run_id, is_ending, verdict, error, is_unresolved, is_checked, defaulted_inputs
  )
  select
    reprise_engine.uuid_v7(v_now), r.namespace, r.flow_id, r.revision,
    case when is_from_start then 'CREATED' else 'RESTARTED' end::reprise.execution_state, v_original.attempt_number + 1,
    case
      when v_failure is not null and json_typeof(judgement -> 'inputs') = 'object'
        then reprise_engine.check_inputs(defined.inputs, reprise_engine.clean_json(judgement -> 'inputs'))
      else plan.inputs
    end,
    reprise_engine.replay_labels(v_original, r.revision), coalesce(defined.variables, '{}'), v_original.trigger,
    case when is_from_start then v_now else v_original.start_date end, v_original.schedule_date, v_now,
    create_replay.created_by, create_replay.note, v_original.id, coalesce(v_original.root_id, v_original.id), plan.anchors,
    plan.saved_ms, create_replay.idempotency_key, create_replay.request_hash,
    reprise_engine.parse_breakpoints(create_replay.breakpoints, r),
    reprise_engine.first_deadline(
      defined.sla, case when is_from_start then greatest(v_now, v_original.schedule_date) else v_now end
    ),
    coalesce(defined.sla @> '[{"isFollowed": true}]', false), case when is_retry then v_original.try + 1 else 1 end,
    case when is_retry then coalesce(v_original.first_tried_at, v_original.created_at) end,
    case when is_retry then v_original.parent_task_run_id end,
    v_is_ending, case when v_is_ending then v_original.state else 'SUCCESS' end, case when v_is_ending then v_original.error end,
    -- What was found for the same inputs on the same revision holds on.
    v_failure is null
      and (v_original.is_unresolved or plan.inputs::jsonb is distinct from v_original.inputs::jsonb or r.revision <> v_original.flow_revision)
      and reprise_engine.has_deferred_inputs(defined.inputs),
    not reprise_engine.asks_checks(v_original, r, plan.inputs) or coalesce((judgement ->> 'isChecked')::boolean, false),
    array(
      select d.id
      from unnest(v_original.defaulted_inputs) as d (id)
      cross join lateral (select string_to_array(d.id, '.') as path) as of
      where (plan.inputs #> of.path)::jsonb = (v_original.inputs #> of.path)::jsonb
    )
  from reprise.flow_revisions as r
  cross join lateral json_to_record(r.definition) as defined (inputs json, variables json, sla jsonb)
  where r.namespace = v_original.namespace and r.flow_id = v_original.flow_id and r.revision = plan.flow_revision
  on conflict on constraint executions_idempotency_key_key do nothing
  returning * into v_replay;
  if not found then
    return null; -- The same request came in beside this one and was first.
  end if;

  if v_replay.inputs::text like '%"kestra:///%' then
    perform reprise_engine.reference_input_files(array[v_replay.id], array[v_replay.inputs]);
  end if;
  if settled_before is not null then
    perform reprise_engine.carry_settled(v_replay.id, v_original.id, settled_before, settled_count, v_now);
  end if;
  perform reprise_engine.carry_task_runs(v_replay.id, plan.tasks, v_now);
  if v_original.ended_at is null then
    -- A loop that is asking whether it goes on has nothing else to tell how often it has gone through its tasks.
    insert into reprise.loops (task_run_id, iteration_count, began_at)
    select r.id, l.iteration_count, v_now
    from unnest(plan.tasks) as t
    join reprise.loops as l on l.task_run_id = t.task_run_id
    cross join lateral reprise_engine.find_task_run(v_replay.id, t.task_key, t.iteration_path) as r
    where t.disposition = 'REOPENED';
  end if;
  v_variables := reprise_engine.replay_variables(v_replay, array(
    select t.attempt_id from unnest(plan.tasks) as t where t.disposition = 'RERUN' and t.attempt_id is not null
  ));
  if v_variables::text <> v_replay.variables::text then
    update reprise.executions as e set variables = v_variables where e.id = v_replay.id;
  end if;
  if overrides::text <> '{}' then
    perform reprise_engine.override_outputs(v_replay.id, overrides, created_by, v_now);
  end if;

  insert into reprise.replayed_task_runs (execution_id, task_key, iteration_path, original_id, attempt_number)
  select v_replay.id, t.task_key, t.iteration_path, coalesce(t.task_run_id, m.original_id), coalesce(t.attempt_number, 1) - 1
  from unnest(plan.tasks) as t
  -- A task that the original, a replay itself, has not come to goes on from where that one would have gone on.
  left join (
    select was.id as task_id, p.iteration_path, p.original_id
    from reprise.replayed_task_runs as p
    join reprise.tasks as was on was.key = p.task_key
    where p.execution_id = v_original.id
  ) as m on m.task_id = t.task_id and m.iteration_path is not distinct from t.iteration_path and t.task_run_id is null
  where t.disposition in ('RERUN', 'NEW', 'UNKNOWN', 'NOT_REACHED') and t.reason not in ('kept', 'until') and coalesce(t.task_run_id, m.original_id) is not null;

  if v_is_ending then
    update reprise.executions as e
    set exited_by = (
      select r.id
      from unnest(plan.tasks) as t
      cross join lateral reprise_engine.find_task_run(e.id, t.task_key, t.iteration_path) as r
      where t.task_run_id = v_original.exited_by
    )
    where e.id = v_replay.id;
  elsif exists (
    select from reprise.task_runs as r where r.execution_id = v_replay.id and r.parent_id is null and r.state = 'WARNING'
  ) then
    perform reprise_engine.raise_verdicts(array[v_replay.id], '{WARNING}');
  end if;

  -- The plan knows what comes first; behind a failure that is carried nothing does, and handlers have a way of their own to be come to.
  select array_agg(row(v_replay.id, first.task_key, null, null, null)::reprise.opening) into v_openings
  from (
    select t.task_key, t.disposition
    from unnest(plan.tasks) with ordinality as t
    where t.disposition in ('RERUN', 'NEW', 'REOPENED', 'CARRIED_FAILED')
    order by t.ordinality
    limit 1
  ) as first
  where first.disposition <> 'CARRIED_FAILED' and not (select k.is_handler from reprise.tasks as k where k.key = first.task_key);
  if v_failure is not null then
    perform reprise_engine.end_executions(array[v_replay.id], 'FAILED', jsonb_build_object('reason', 'check_failed', 'message', v_failure));
    perform reprise_engine.notify_executions(array[v_replay.id]);
  else
    perform reprise_engine.start_executions(array[v_replay.id], v_openings);
  end if;
  if v_replay.is_asserted and v_failure is null then
    perform reprise_engine.enqueue_assertions(array[v_replay.id]);
  end if;

  select * into v_replay from reprise.executions as e where e.id = v_replay.id;
  return v_replay;
end;
$$;

comment on function reprise_engine.create_replay is
  'Makes the replay that a plan describes: copies the execution, carries what is carried, notes what runs again, and opens the first task. '
  'Returns null when the idempotency key was taken meanwhile. One that a retry creates goes on counting tries, and belongs to the same parent. '
  'judgement: what whoever can render templates has found; a check that fails executions fails it as it is created. '
  'settled_before, settled_count: what find_settled has found, which is not in the plan.';
