create or replace function reprise_engine.prepare_subflow(
  execution_id uuid,
  request json,
  out namespace text,
  out flow_id text,
  out revision integer,
  out variables json,
  out labels jsonb,
  out inputs json[],
  out undeclared text[],
  out sla jsonb,
  out is_limited boolean,
  out is_unresolved boolean,
  out error jsonb
)
language plpgsql stable
set search_path = ''
as $$
declare
  -- Far more than anybody builds by hand; a flow that starts itself without end comes here within a moment.
  c_deepest constant integer := 100;
  v_parent reprise.executions;
  v_flow record;
  v_defined record;
  v_given json;
  v_unknown text[];
  v_code text;
  v_reason text;
  v_message text;
begin
  namespace := request ->> 'namespace';
  flow_id := request ->> 'flowId';
  undeclared := '{}';
  select * into v_parent from reprise.executions as e where e.id = prepare_subflow.execution_id;
  select r.revision, r.definition, f.is_disabled or r.is_disabled as is_disabled, f.concurrency_limit is not null as is_limited into v_flow
  from reprise.flows as f
  join reprise.flow_revisions as r
    on r.namespace = f.namespace and r.flow_id = f.id and r.revision = coalesce((request ->> 'revision')::integer, f.latest_revision)
  where f.namespace = prepare_subflow.namespace and f.id = prepare_subflow.flow_id and f.deleted_at is null;

  if v_flow.revision is null then
    v_reason := 'flow_not_found';
    v_message := format('Unable to find flow ''%s''.''%s'' with revision ''%s''', namespace, flow_id, coalesce(request ->> 'revision', '0'));
  elsif v_flow.is_disabled then
    v_reason := 'flow_disabled';
    v_message := 'Cannot execute a flow which is disabled';
  elsif v_parent.parent_task_run_id is not null and reprise_engine.count_waiting_parents(v_parent.id) >= c_deepest then
    v_reason := 'too_deep';
    v_message := format(
      '%s executions wait for each other already, each started by the one before: a flow that starts itself needs a condition to stop, or wait: false.',
      c_deepest + 1
    );
  end if;
  if v_reason is not null then
    error := jsonb_build_object('reason', v_reason, 'message', v_message);
    return;
  end if;

  revision := v_flow.revision;
  -- Read once, however many there are to start.
  select * into v_defined from json_to_record(v_flow.definition) as d (inputs json, labels jsonb, variables json, sla jsonb);
  variables := coalesce(v_defined.variables, '{}');
  sla := v_defined.sla;
  is_limited := v_flow.is_limited;
  is_unresolved := reprise_engine.has_deferred_inputs(v_defined.inputs);
  begin
    labels := reprise_engine.subflow_labels(
      v_parent, v_defined.labels, coalesce((request ->> 'inheritLabels')::boolean, false), (request -> 'labels')::jsonb
    );
    for v_given in select g from json_array_elements(request -> 'inputs') as each (g) loop
      -- What the flow does not declare is left out: one task may start different flows.
      v_unknown := array(
        select k.key
        from json_object_keys(v_given) as k (key)
        where not exists (
          select
          from json_array_elements(v_defined.inputs) as d (definition)
          where d.definition ->> 'id' = k.key or starts_with(d.definition ->> 'id', k.key || '.')
        )
      );
      if v_unknown <> '{}' then
        undeclared := array(select distinct u.key from unnest(undeclared || v_unknown) as u (key) order by u.key);
        v_given := reprise_engine.leave_out(v_given, v_unknown);
      end if;
      v_given := reprise_engine.print_given(v_defined.inputs, reprise_engine.open_forms(v_defined.inputs, v_given));
      inputs := array_append(inputs, reprise_engine.check_inputs(v_defined.inputs, v_given));
    end loop;
  exception
    when others then
      get stacked diagnostics v_code = returned_sqlstate, v_reason = pg_exception_detail, v_message = message_text;
      v_reason := split_part(v_reason, ' ', 1); -- What stands behind the word is for programs.
      if not starts_with(v_code, 'RP') then
        raise;
      end if;
      error := jsonb_build_object('reason', v_reason, 'message', v_message);
  end;
end;
$$;

comment on function reprise_engine.prepare_subflow is
  'What a worker has rendered of a Subflow, checked: the revision, labels and inputs that its children get, one for each of the inputs, or '
  'why there cannot be any.';
