create or replace function reprise_engine.start_executions(
  execution_ids uuid[],
  openings reprise.opening[] default null
)
returns void
language plpgsql volatile
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
declare
  v_waiting record;
  v_openings reprise.opening[];
begin
  -- Defaults that need a template are rendered by a worker before anything else, where an input still waits for one.
  select
    coalesce(array_agg(row(e.id, t.key, null, null, null)::reprise.opening) filter (where t.key is not null), '{}') as openings,
    coalesce(array_agg(e.id) filter (where t.key is null), '{}') as ready
  into v_waiting
  from reprise.executions as e
  left join lateral (
    select t.key
    from reprise.tasks as t
    where t.namespace = e.namespace and t.flow_id = e.flow_id and t.revision = e.flow_revision
      and t.parent_key is null and t.branch = 'defaults' and t.position = 0
      and exists (
        select
        from jsonb_array_elements(t.definition -> 'inputs') as i (input)
        where (i.input ->> 'isTemplated')::boolean
          and e.inputs #> string_to_array(i.input ->> 'id', '.') is null
      )
    offset 0
  ) as t on true
  where e.id = any (start_executions.execution_ids);

  v_openings := v_waiting.openings || case
    when v_waiting.openings = '{}' and start_executions.openings is not null then start_executions.openings
    else reprise_engine.leave_lists(v_waiting.ready, array_fill('defaults'::text, array[cardinality(v_waiting.ready)]))
  end;
  perform reprise_engine.enqueue_task_runs(reprise_engine.open_tasks(reprise_engine.advance('{}', v_openings)));
  perform reprise_engine.notify_executions(start_executions.execution_ids);
end;
$$;

comment on function reprise_engine.start_executions is
  'Opens the first step of executions that were just created, and enqueues it: the rendering of defaults where one is missing, else the '
  'first task, or what the caller knows to come first.';
