create or replace function reprise_engine.read_begun(attempt_ids bigint[])
returns setof reprise.begun_attempt
language sql stable
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
  select
    a.id, r.id, e.id, t.key, a.number, r.created_at, r.iteration, r.iteration_path, e.start_date, e.root_id,
    -- Secrets are known to every task: a file that one was written into may be read by any.
    case when t.reads_inputs or reprise_engine.holds_sealed(e.inputs) then e.inputs end,
    case when t.reads_variables then e.variables end,
    case when t.reads_labels then e.labels end,
    case when t.reads_trigger then e.trigger end,
    case
      when t.reads_tasks is null then
        case
          -- Who reads of an attempt that is over, as of that of a Pause, has nobody to fetch them.
          when a.state <> 'RUNNING' or not exists (select from reprise.workers as w where w.id = a.worker_id and w.fetches_outputs)
            then reprise_engine.read_outputs(e.id, null)
        end
      when t.reads_tasks <> '{}' then (
        select json_agg(
          json_build_array(
            wanted.id, source.iteration_path, source.state,
            reprise_engine.seen_outputs(source.id, source.state, wanted.key, coalesce(carried.outputs, own.outputs))
          )
          order by source.place, source.id
        )
        from unnest(t.reads_tasks, t.reads_task_ids, t.reads_own) as wanted (key, id, own)
        cross join lateral (
          select source.id, source.iteration_path, source.state, source.carried_attempt_id, source.attempt_number,
            case when source.iteration_path is not null then reprise_engine.place_in_loops(source) end as place
          from reprise.task_runs as source
          where source.execution_id = e.id and source.task_key = wanted.key and (wanted.own > 0) is not true
          union all
          -- All that begins with its own iterations: nothing in an array is greater than a null.
          select source.id, source.iteration_path, source.state, source.carried_attempt_id, source.attempt_number, reprise_engine.place_in_loops(source)
          from reprise.task_runs as source
          where source.execution_id = e.id and source.task_key = wanted.key and wanted.own > 0
            and source.iteration_path >= r.iteration_path[:wanted.own] and source.iteration_path < r.iteration_path[:wanted.own] || null::text
        ) as source
        left join lateral (
          select carried.outputs from reprise.attempts as carried where carried.id = source.carried_attempt_id offset 0
        ) as carried on true
        left join lateral (
          select own.outputs
          from reprise.attempts as own
          where own.task_run_id = source.id and own.number = source.attempt_number and source.carried_attempt_id is null
          offset 0
        ) as own on true
      )
    end,
    case when t.reads_parents and r.parent_id is not null then reprise_engine.read_ancestors(r.parent_id, r.iteration) end,
    case when t.is_after then e.state end,
    case when t.is_after then e.outputs end,
    case
      when t.kind = 'LOOP_UNTIL' then (
        select jsonb_build_object(
          'iterationCount', l.iteration_count, 'elapsedMs', extract(epoch from reprise_engine.clock() - l.began_at) * 1000
        )
        from reprise.loops as l
        where l.task_run_id = r.id
      )
    end,
    case when r.parent_id is not null then (select l.iteration_count - 1 from reprise.loops as l where l.task_run_id = r.parent_id) end,
    r.parent_id
  from unnest(read_begun.attempt_ids) as given (id)
  cross join lateral (select a.id, a.task_run_id, a.number, a.worker_id, a.state from reprise.attempts as a where a.id = given.id offset 0) as a
  cross join lateral (
    select r.id, r.execution_id, r.task_key, r.parent_id, r.created_at, r.iteration, r.iteration_path
    from reprise.task_runs as r
    where r.id = a.task_run_id
    offset 0
  ) as r
  cross join lateral (
    select e.id, e.state, e.start_date, e.root_id, e.inputs, e.variables, e.labels, e.trigger, e.outputs
    from reprise.executions as e
    where e.id = r.execution_id
    offset 0
  ) as e
  cross join lateral (
    select t.key, t.kind, t.reads_inputs, t.reads_variables, t.reads_labels, t.reads_trigger, t.reads_parents, t.is_after, t.reads_tasks, t.reads_task_ids, t.reads_own
    from reprise.tasks as t
    where t.key = r.task_key
    offset 0
  ) as t;
$$;

comment on function reprise_engine.read_begun is
  'Attempts as workers get them: what to run, and of the execution just what the templates of the task read, and its secrets. '
  'What nobody can tell before is left to fetch_outputs.';
