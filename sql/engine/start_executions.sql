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
  v_now timestamptz := reprise_engine.clock();
  v_waiting record;
  v_openings reprise.opening[];
begin
  -- What waits for its date or for a slot opens nothing yet. Defaults that need a template are rendered by a worker before anything else,
  -- where an input still waits for one, and so is what a flow checks before its first task.
  select
    coalesce(array_agg(row(e.id, t.key, null, null, null)::reprise.opening) filter (where gate.is_open and t.key is not null), '{}')
      as openings,
    coalesce(array_agg(e.id) filter (where gate.is_open and t.key is null), '{}') as ready,
    coalesce(array_agg(e.id) filter (where gate.is_early), '{}') as early,
    coalesce(array_agg(e.id) filter (where not gate.is_open and not gate.is_early), '{}') as limited,
    coalesce(array_agg(e.id) filter (where e.deadline_at is not null), '{}') as timed
  into v_waiting
  from reprise.executions as e
  cross join lateral (
    select f.concurrency_limit from reprise.flows as f where f.namespace = e.namespace and f.id = e.flow_id offset 0
  ) as f
  cross join lateral (
    select
      early.is_early,
      not early.is_early and (f.concurrency_limit is null or e.holds_slot or e.state not in ('CREATED', 'RESTARTED')) as is_open
    from (select e.state = 'CREATED' and coalesce(e.schedule_date > v_now, false) as is_early) as early
  ) as gate
  left join lateral (
    select t.key
    from reprise.tasks as t
    where t.namespace = e.namespace and t.flow_id = e.flow_id and t.revision = e.flow_revision
      and t.parent_key is null and t.branch = 'defaults' and t.position = 0
      and (
        exists (
          select
          from json_array_elements(t.definition -> 'inputs') as i (input)
          where (i.input ->> 'isTemplated')::boolean
            and not coalesce((i.input ->> 'isDeferred')::boolean, false)
            and e.inputs #> string_to_array(i.input ->> 'id', '.') is null
        )
        or e.is_unresolved
        or t.definition -> 'checks' is not null and not e.is_checked
        or t.definition -> 'assertions' is not null
      )
    offset 0
  ) as t on true
  where e.id = any (start_executions.execution_ids);

  if v_waiting.timed <> '{}' then
    perform reprise_engine.enqueue_deadlines(v_waiting.timed);
  end if;
  if v_waiting.early <> '{}' then
    perform reprise_engine.schedule_executions(v_waiting.early);
  end if;
  if v_waiting.limited <> '{}' then
    perform reprise_engine.start_executions(reprise_engine.take_slots(v_waiting.limited), start_executions.openings);
  end if;

  if v_waiting.openings <> '{}' or v_waiting.ready <> '{}' then
    v_openings := v_waiting.openings || case
      when v_waiting.openings = '{}' and start_executions.openings is not null then start_executions.openings
      else reprise_engine.leave_lists(v_waiting.ready, array_fill('defaults'::text, array[cardinality(v_waiting.ready)]))
    end;
    perform reprise_engine.enqueue_task_runs(reprise_engine.open_tasks(reprise_engine.advance('{}', v_openings)));
  end if;
  perform reprise_engine.notify_executions(start_executions.execution_ids);
end;
$$;

comment on function reprise_engine.start_executions is
  'Opens the first step of executions that were just created, and enqueues it: the rendering of defaults where one is missing, else the '
  'first task, or what the caller knows to come first. Those that come before their date, or find no free slot of their flow, wait.';
