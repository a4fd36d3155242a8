create or replace function reprise_engine.read_begun(attempt_ids bigint[])
returns setof reprise.begun_attempt
language sql stable
set search_path = ''
set join_collapse_limit = 1
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set enable_bitmapscan = off
set enable_hashjoin = off
set enable_mergejoin = off
set enable_material = off
as $$
  select
    a.id, r.id, e.id, t.key, a.number, r.created_at, r.iteration, r.iteration_path, e.start_date, e.root_id,
    case when t.reads_inputs then e.inputs end,
    case when t.reads_variables then e.variables end,
    case when t.reads_labels then e.labels end,
    case when t.reads_trigger then e.trigger end,
    case
      when t.reads_tasks is null then reprise_engine.read_outputs(e.id, null)
      when t.reads_tasks <> '{}' then (
        select jsonb_agg(
          jsonb_build_array(wanted.id, source.iteration_path, source.state, coalesce(carried.outputs, own.outputs)) order by source.id
        )
        from unnest(t.reads_tasks, t.reads_task_ids) as wanted (key, id)
        join reprise.task_runs as source on source.execution_id = e.id and source.task_key = wanted.key
        left join reprise.attempts as carried on carried.id = source.carried_attempt_id
        left join reprise.attempts as own
          on own.task_run_id = source.id and own.number = source.attempt_number and source.carried_attempt_id is null
      )
    end
  from unnest(read_begun.attempt_ids) as given (id)
  join reprise.attempts as a on a.id = given.id
  join reprise.task_runs as r on r.id = a.task_run_id
  join reprise.executions as e on e.id = r.execution_id
  join reprise.tasks as t on t.key = r.task_key;
$$;

comment on function reprise_engine.read_begun is
  'Attempts as workers get them: what to run, and of the execution just what the templates of the task read.';
