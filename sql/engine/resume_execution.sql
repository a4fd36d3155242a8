create or replace function reprise_engine.resume_execution(
  execution_id uuid,
  inputs json default null,
  task_run_id bigint default null,
  actor text default null,
  breakpoints text[] default null,
  may_be_sealed boolean default false,
  is_found boolean default false
)
returns reprise.executions
language plpgsql volatile
set search_path = ''
as $$
declare
  v_execution reprise.executions := reprise_engine.lock_execution(execution_id);
  v_actor text := reprise_engine.actor(actor);
  v_inputs json := reprise_engine.clean_json(inputs);
  v_revision reprise.flow_revisions;
  v_breakpoints jsonb;
  v_pause reprise.pauses;
  v_is_on boolean := true;
begin
  -- A Pause of its afterExecution waits in one that has ended.
  if v_execution.state not in ('PAUSED', 'BREAKPOINT') and not (
    v_execution.is_finishing
    and exists (select from reprise.task_runs as r where r.execution_id = v_execution.id and r.state = 'PAUSED')
  ) then
    raise exception 'Execution % is %, neither PAUSED nor at a BREAKPOINT.', v_execution.id, v_execution.state
      using errcode = 'RP409', detail = 'execution_not_paused', hint = 'Only what is paused can be resumed.';
  end if;

  if v_execution.is_held and v_execution.ended_at is null and task_run_id is null then
    if v_inputs::jsonb <> '{}' then
      raise exception 'Execution % is held as a whole, and asks for no inputs.', v_execution.id
        using errcode = 'RP422', detail = 'inputs_not_asked', hint = 'Resume it without any; or name the task run of the Pause that asks for them.';
    end if;
    select r.* into v_revision
    from reprise.flow_revisions as r
    where r.namespace = v_execution.namespace and r.flow_id = v_execution.flow_id and r.revision = v_execution.flow_revision;
    v_breakpoints := reprise_engine.parse_breakpoints(breakpoints, v_revision);
    update reprise.executions as e set is_held = false, breakpoints = v_breakpoints where e.id = v_execution.id;
    perform reprise_engine.leave_breakpoints(v_execution.id);
    perform reprise_engine.unpause_executions(array[v_execution.id]);
    perform reprise_engine.enqueue_task_runs(reprise_engine.find_waiting(array[v_execution.id]));
  else
    v_pause := reprise_engine.find_pause(v_execution.id, resume_execution.task_run_id);
    if v_inputs::text like '%"kestra:///%' then
      perform reprise_engine.reference_input_files(array[v_execution.id], array[v_inputs]);
    end if;
    v_is_on := reprise_engine.answer_pause(v_pause, v_inputs, v_actor, may_be_sealed, is_found);
  end if;

  perform reprise_engine.log_event(v_execution.id, format(
    case when v_is_on then '%s by %s.' else '%s by %s, once a worker has rendered what was asked for.' end,
    coalesce(
      (
        select format('`%s` is resumed', reprise_engine.name_run(t.id, r.iteration_path))
        from reprise.task_runs as r
        join reprise.tasks as t on t.key = r.task_key
        where r.id = v_pause.task_run_id
      ),
      'Resumed'
    ),
    v_actor
  ));
  perform reprise_engine.notify_executions(array[v_execution.id]);

  select * into v_execution from reprise.executions as e where e.id = v_execution.id;
  return v_execution;
end;
$$;

comment on function reprise_engine.resume_execution is
  'Goes on with an execution that is paused. may_be_sealed: whether what is given comes from an execution, whose secrets are encrypted. '
  'is_found: whether the inputs are what somebody has made of what was given who can render templates.';
