create or replace function reprise_engine.find_replay_warnings(original reprise.executions, target_revision integer, tasks reprise.replay_plan_task[])
returns reprise.replay_problem[]
language sql stable
set search_path = ''
set plan_cache_mode = force_generic_plan
as $$
  with planned as materialized (
    select t.*, t.ordinality::integer as place from unnest(find_replay_warnings.tasks) with ordinality as t
  ), warnings as (
    select
      t.place, t.task_id, 'reads_everything' as code,
      format('`%s` is carried, and may have read every output: it cannot be told whether it would come out the same.', reprise_engine.name_run(t.task_id, t.iteration_path)) as message
    from planned as t
    where t.disposition in ('CARRIED', 'CARRIED_CHANGED') and not t.is_overridden
      and t.task_key = any (array(
        select k.key
        from reprise.tasks as k
        where k.namespace = find_replay_warnings.original.namespace and k.flow_id = find_replay_warnings.original.flow_id
          and k.revision = find_replay_warnings.target_revision and k.reads_task_ids is null and k.kind <> 'LOOP_OUTPUTS'
      ))
    union all
    select
      t.place, t.task_id, 'failure_carried',
      format('`%s` failed and is carried: it fails the execution again, unless you start there.', reprise_engine.name_run(t.task_id, t.iteration_path))
    from planned as t
    where t.disposition = 'CARRIED_FAILED'
    union all
    select
      t.place, t.task_id, 'runs_as_a_whole',
      format(
        '`%s` had ended well and runs again as a whole: the target revision puts %s into it, and its files are gone.', reprise_engine.name_run(t.task_id, t.iteration_path),
        (
          select string_agg(format('`%s`', n.task_id), ', ' order by n.place)
          from planned as n
          where n.around = t.place and n.task_run_id is null and n.task_key is not null
        )
      )
    from planned as t
    where t.reason = 'inserted_with'
  )
  select coalesce(array_agg(row(w.code, w.message, w.task_id, false)::reprise.replay_problem order by w.code, w.place), '{}') from warnings as w;
$$;

comment on function reprise_engine.find_replay_warnings is
  'What to look out for in a replay that may be made: what is carried though it may have read anything, failures that are carried, and WorkingDirectories that run '
  'again before it comes to where it starts.';
