create or replace function reprise_engine.find_behind_killed(
  execution_id uuid,
  out redone bigint[],
  out opened bigint[],
  out directories bigint[],
  out dropped bigint[]
)
language plpgsql stable
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
begin
  redone := '{}';
  opened := '{}';
  directories := '{}';
  dropped := '{}';
  if not exists (
    select
    from reprise.task_runs as r
    where r.execution_id = find_behind_killed.execution_id and r.state = 'KILLED' and r.parent_id is null
  ) then
    return;
  end if;

  with recursive runs as materialized (
    select
      r.id, r.parent_id, r.state, t.kind, t.branch, t.position, t.is_handler,
      r.is_carried and not again.is_opened as is_kept,
      case
        when t.is_inline or again.is_opened then 'OPEN'
        when t.kind = 'WORKING_DIRECTORY' and t.definition -> 'runIf' is null then 'DIRECTORY'
        else 'REDO'
      end as fate,
      -- What a block chooses anew may be something else, and a Dag that opens again begins at once all that is there.
      reprise_engine.is_block(t.kind)
        and (t.kind = 'DAG' or not t.is_inline and not again.is_opened) and (t.kind <> 'WORKING_DIRECTORY' or t.definition -> 'runIf' is not null)
        as is_emptied
    from (select * from reprise.task_runs as r where r.execution_id = find_behind_killed.execution_id offset 0) as r
    cross join lateral (select * from reprise.tasks as t where t.key = r.task_key offset 0) as t
    -- A block that a replay carried, and opened again, keeps what it had chosen.
    left join lateral (select b.task_run_id from reprise.blocks as b where b.task_run_id = r.id offset 0) as b on r.is_carried
    cross join lateral (select b.task_run_id is not null as is_opened) as again
  ), around as (
    -- A kill of the execution itself lets nothing run behind what it stops.
    select r.id, r.parent_id
    from (select * from reprise.task_runs as r where r.execution_id = find_behind_killed.execution_id and r.state = 'KILLED' offset 0) as r
    cross join lateral (
      select from reprise.attempts as a
      where a.task_run_id = r.id and a.number = r.attempt_number and a.error ->> 'reason' = 'subflow_killed'
      offset 0
    ) as a
    union all
    select r.id, r.parent_id from around join runs as r on r.id = around.parent_id
  ), killed as (
    select min(r.position) as position
    from around
    join runs as r on r.id = around.id
    where r.parent_id is null and r.state = 'KILLED' and r.branch = 'tasks'
  ), behind as (
    select r.id, r.kind, r.fate, r.is_emptied
    from killed as k
    join runs as r on r.position > k.position
    -- A replay runs again what was killed: what it carried behind that has read nothing of it.
    where r.parent_id is null and r.branch = 'tasks' and not r.is_kept
    union all
    select r.id, r.kind, case when behind.is_emptied then 'DROP' else r.fate end, r.is_emptied
    from behind
    join runs as r on r.parent_id = behind.id
    where behind.fate <> 'DROP' and (behind.is_emptied or behind.fate = 'OPEN' and not r.is_handler)
      -- A loop that asks for its values again keeps what is carried of those that come again.
      and not (r.is_kept and (behind.fate = 'OPEN' or behind.kind = 'FOR_EACH'))
  )
  select
    coalesce(array_agg(b.id) filter (where b.fate = 'REDO'), '{}'), coalesce(array_agg(b.id) filter (where b.fate = 'OPEN'), '{}'),
    coalesce(array_agg(b.id) filter (where b.fate = 'DIRECTORY'), '{}'), coalesce(array_agg(b.id) filter (where b.fate = 'DROP'), '{}')
  into redone, opened, directories, dropped
  from behind as b;
end;
$$;

comment on function reprise_engine.find_behind_killed is
  'What ran in a flow behind a Subflow whose child was killed, and so has read of that: the tasks, and blocks that choose, that run again in a restart, those '
  'that are opened again, the WorkingDirectories, and what is in blocks that begin with nothing there.';
