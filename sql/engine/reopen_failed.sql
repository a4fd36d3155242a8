create or replace function reprise_engine.reopen_failed(execution_id uuid)
returns bigint[]
language plpgsql volatile
set search_path = ''
as $$
declare
  v_directories bigint[];
  v_opened bigint[];
  v_gone bigint[];
  v_waiting bigint[];
begin
  -- A WorkingDirectory in which something failed runs again as a whole, as one task.
  select coalesce(array_agg(r.id), '{}') into v_directories
  from reprise.task_runs as r
  join reprise.tasks as t on t.key = r.task_key
  where r.execution_id = reopen_failed.execution_id and t.kind = 'WORKING_DIRECTORY'
    and (
      r.state in ('FAILED', 'KILLED', 'CANCELLED')
      or exists (
        select
        from reprise.task_runs as c
        join reprise.tasks as inside on inside.key = c.task_key and inside.branch = 'tasks'
        where c.parent_id = r.id and c.state in ('FAILED', 'KILLED', 'CANCELLED')
      )
    );
  if v_directories <> '{}' then
    perform reprise_engine.reset_children(v_directories, 'RESTARTED');
  end if;

  -- The blocks around what failed by itself, and those that were killed with nothing failed in them, go on.
  with recursive handled (id) as (
    select r.id
    from reprise.task_runs as r
    join reprise.tasks as t on t.key = r.task_key
    where r.execution_id = reopen_failed.execution_id and t.is_handler
    union all
    select r.id from handled as h join reprise.task_runs as r on r.parent_id = h.id
  ), opened (id) as (
    select case when b.task_run_id is null or r.id = any (v_directories) then r.parent_id else r.id end
    from reprise.task_runs as r
    left join reprise.blocks as b on b.task_run_id = r.id
    where r.execution_id = reopen_failed.execution_id
      and (r.state in ('FAILED', 'KILLED', 'CANCELLED') or r.id = any (v_directories))
      and r.id not in (select h.id from handled as h)
    union
    select r.parent_id from opened as o join reprise.task_runs as r on r.id = o.id
  )
  select coalesce(array_agg(o.id), '{}') into v_opened from opened as o where o.id is not null;

  -- What handled their failures, and that of the execution, is gone; so are system steps, which belong to how it ended.
  with recursive gone (id) as (
    select r.id
    from reprise.task_runs as r
    join reprise.tasks as t on t.key = r.task_key
    where r.execution_id = reopen_failed.execution_id
      and (t.is_handler and (r.parent_id is null or r.parent_id = any (v_opened || v_directories))
        or t.kind = 'OUTPUTS' or t.kind = 'DEFAULTS' and r.state <> 'SUCCESS')
    union all
    select r.id from gone as g join reprise.task_runs as r on r.parent_id = g.id
  )
  select coalesce(array_agg(g.id), '{}') into v_gone from gone as g;
  perform reprise_engine.release_task_runs(v_gone);
  delete from reprise.task_runs as r where r.id = any (v_gone);

  -- A list may have failed more than once, where a replay has carried a failure. The first of them runs; the others are come to in their
  -- turn, as in a replay.
  with recursive ranked as (
    select
      r.id, r.task_key, r.iteration_path, r.attempt_number,
      row_number() over (
        partition by r.parent_id, r.iteration_path, t.branch, r.state in ('FAILED', 'KILLED', 'CANCELLED'),
          case when reprise_engine.is_wide(around.kind, around.type) then t.key end
        order by t.position
      )
      -- What a revision has put in front of it runs before it, and opens it in its turn.
      + case when exists (
        select
        from reprise.tasks as before
        where before.namespace = t.namespace and before.flow_id = t.flow_id and before.revision = t.revision
          and before.parent_key is not distinct from t.parent_key and before.branch = t.branch and before.position < t.position
          and not before.is_disabled and not coalesce(reprise_engine.is_wide(around.kind, around.type), false)
          and not exists (select from reprise_engine.find_task_run(r.execution_id, before.key, r.iteration_path))
      ) then 1 else 0 end as place,
      coalesce(r.original_id, (select a.task_run_id from reprise.attempts as a where a.id = r.carried_attempt_id)) as original_id
    from reprise.task_runs as r
    join reprise.tasks as t on t.key = r.task_key
    left join reprise.tasks as around on around.key = t.parent_key
    where r.execution_id = reopen_failed.execution_id
      and (r.state in ('FAILED', 'KILLED', 'CANCELLED') or r.id = any (v_directories))
  ), behind (id) as (
    -- A block is put off with all that is in it.
    select f.id from ranked as f where f.place > 1
    union
    select c.id from behind as b join reprise.task_runs as c on c.parent_id = b.id
  ), failed as (
    select f.id, f.task_key, f.iteration_path, f.attempt_number, f.place, f.original_id
    from ranked as f
    where f.id not in (select b.id from behind as b)
    union all
    select
      r.id, r.task_key, r.iteration_path, r.attempt_number, 2,
      coalesce(r.original_id, (select a.task_run_id from reprise.attempts as a where a.id = r.carried_attempt_id))
    from behind as b
    join reprise.task_runs as r on r.id = b.id
  ), put_off as (
    delete from reprise.task_runs as r
    using failed as f
    where r.id = f.id and f.place > 1
    returning r.id
  ), remembered as (
    insert into reprise.replayed_task_runs (execution_id, task_key, iteration_path, original_id, attempt_number)
    select reopen_failed.execution_id, f.task_key, f.iteration_path, f.original_id, f.attempt_number
    from failed as f
    where f.place > 1 and f.original_id is not null
  ), repointed as (
    -- Replays of this one that name them: what they follow is what was carried here.
    update reprise.replayed_task_runs as p
    set original_id = f.original_id
    from failed as f
    where p.original_id = f.id and f.place > 1
  ), repointed_runs as (
    update reprise.task_runs as r
    set original_id = f.original_id
    from failed as f
    where r.original_id = f.id and f.place > 1
  ), restarted as (
    update reprise.task_runs as r
    set
      state = 'RESTARTED', ended_at = null, try = 0, is_carried = false, carried_attempt_id = null, original_id = f.original_id
    from failed as f
    where r.id = f.id and f.place = 1 and not r.id = any (v_opened)
    returning r.id
  )
  select coalesce(array_agg(restarted.id), '{}') into v_waiting from restarted;

  -- The blocks run again, and count their lanes anew as they are opened.
  delete from reprise.blocks as b where b.task_run_id = any (v_opened || v_directories);
  update reprise.task_runs as r set state = 'RUNNING', ended_at = null where r.id = any (v_opened);

  return v_waiting;
end;
$$;

comment on function reprise_engine.reopen_failed is
  'Takes an ended execution back to where it failed: what failed waits again, the blocks around it run again without anything open, and '
  'what handled the failures is gone. Returns what waits.';
