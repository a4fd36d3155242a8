create or replace function reprise_engine.reopen_failed(execution_id uuid)
returns bigint[]
language plpgsql volatile
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
declare
  v_directories bigint[];
  v_handled bigint[];
  v_opened bigint[];
  v_waiting bigint[];
  v_restarted bigint[];
begin
  -- Handlers, and all that is in them: those of blocks that had ended and are not opened again are left alone.
  with recursive handled (id) as (
    select r.id
    from (select r.id, r.task_key from reprise.task_runs as r where r.execution_id = reopen_failed.execution_id offset 0) as r
    cross join lateral (select t.is_handler from reprise.tasks as t where t.key = r.task_key offset 0) as t
    where t.is_handler
    union all
    select r.id from handled as h cross join lateral (select r.id from reprise.task_runs as r where r.parent_id = h.id offset 0) as r
  )
  select coalesce(array_agg(h.id), '{}') into v_handled from handled as h;

  -- A WorkingDirectory in which something failed runs again as a whole, as one task.
  select coalesce(array_agg(r.id), '{}') into v_directories
  from (select r.id, r.task_key, r.state from reprise.task_runs as r where r.execution_id = reopen_failed.execution_id offset 0) as r
  cross join lateral (select t.kind from reprise.tasks as t where t.key = r.task_key offset 0) as t
  where t.kind = 'WORKING_DIRECTORY' and r.id not in (select unnest(v_handled))
    and (
      r.state in ('FAILED', 'KILLED', 'CANCELLED', 'RETRIED')
      or exists (
        select
        from reprise.task_runs as c
        cross join lateral (select t.branch from reprise.tasks as t where t.key = c.task_key offset 0) as inside
        where c.parent_id = r.id and c.state in ('FAILED', 'KILLED', 'CANCELLED', 'RETRIED') and inside.branch = 'tasks'
        offset 0
      )
    );
  if v_directories <> '{}' then
    perform reprise_engine.reset_children(v_directories, 'RESTARTED');
  end if;

  -- The blocks around what failed by itself, and those that were killed with nothing failed in them, go on.
  with recursive opened (id) as (
    select case when (b.task_run_id is null and not own.is_unreached) or own.has_ended_so or r.id = any (v_directories) then r.parent_id else r.id end
    from (select * from reprise.task_runs as r where r.execution_id = reopen_failed.execution_id offset 0) as r
    left join lateral (select b.task_run_id from reprise.blocks as b where b.task_run_id = r.id offset 0) as b on true
    -- A Pause may have failed because nobody came, and others by themselves too.
    cross join lateral (
      select exists (
        select
        from reprise.attempts as a
        where a.task_run_id = r.id and a.number = r.attempt_number and b.task_run_id is not null and (a.outputs #>> '{resumed,to}' = 'FAILED' or a.state = 'FAILED')
      ) as has_ended_so,
      r.is_carried and b.task_run_id is null and r.state in ('KILLED', 'CANCELLED')
      and exists (select from reprise.tasks as k where k.key = r.task_key and reprise_engine.is_block(k.kind) and k.kind <> 'WORKING_DIRECTORY') as is_unreached
    ) as own
    where (r.state in ('FAILED', 'KILLED', 'CANCELLED', 'RETRIED') or r.id = any (v_directories))
      and r.id not in (select unnest(v_handled))
    union
    select r.parent_id from opened as o cross join lateral (select r.parent_id from reprise.task_runs as r where r.id = o.id offset 0) as r
  )
  select coalesce(array_agg(o.id), '{}') into v_opened from opened as o where o.id is not null;

  -- A loop that has failed by itself, or was killed over its condition, counts from the start; so does a Pause wait. A Switch that has
  -- failed so chooses anew, and has run nothing but what it runs finally.
  perform reprise_engine.drop_task_runs(array(
    select r.id
    from (
      select block.id, block.task_key
      from reprise.task_runs as block
      where block.execution_id = reopen_failed.execution_id and block.state in ('FAILED', 'KILLED', 'CANCELLED', 'RETRIED')
        and block.id <> all (v_opened)
      offset 0
    ) as block
    cross join lateral (
      select from reprise.tasks as loop where loop.key = block.task_key and loop.kind in ('LOOP_UNTIL', 'PAUSE', 'SWITCH') offset 0
    ) as loop
    cross join lateral (select r.id from reprise.task_runs as r where r.parent_id = block.id offset 0) as r
    union all
    select r.id
    from (select r.id, r.task_key from reprise.task_runs as r where r.parent_id = any (v_directories) offset 0) as r
    cross join lateral (select from reprise.tasks as t where t.key = r.task_key and t.is_handler offset 0) as t
  ));
  perform reprise_engine.reopen_blocks(reopen_failed.execution_id, v_opened, v_directories || array(
    select r.id from reprise.task_runs as r where r.execution_id = reopen_failed.execution_id and r.state in ('FAILED', 'KILLED', 'CANCELLED', 'RETRIED')
  ));

  -- More than one may have failed in a list, where a failure was allowed or carried. The first of them runs; the others, and what has failed
  -- inside of them, wait for their turn.
  with recursive again as (
    select
      r.id, r.parent_id, r.id = any (v_opened) as is_opened,
      row_number() over (
        partition by r.parent_id, r.iteration_path, t.branch,
          case when reprise_engine.is_wide(around.kind, around.type) then t.key end
        order by t.position
      ) > 1
      -- Lanes begin as many at once as may, from the first on.
      or coalesce(around.kind in ('PARALLEL', 'FOR_EACH'), false)
      -- What a revision has put in front of it runs before it.
      or not coalesce(reprise_engine.is_wide(around.kind, around.type), false) and exists (
        select
        from reprise.tasks as before
        where before.namespace = t.namespace and before.flow_id = t.flow_id and before.revision = t.revision
          and before.parent_key is not distinct from t.parent_key and before.branch = t.branch and before.position < t.position
          and not before.is_disabled
          and not exists (select from reprise_engine.find_task_run(r.execution_id, before.key, r.iteration_path))
      ) as is_behind,
      coalesce(r.original_id, (select a.task_run_id from reprise.attempts as a where a.id = r.carried_attempt_id)) as original_id
    from (select * from reprise.task_runs as r where r.execution_id = reopen_failed.execution_id offset 0) as r
    cross join lateral (select * from reprise.tasks as t where t.key = r.task_key offset 0) as t
    left join lateral (select * from reprise.tasks as around where around.key = t.parent_key offset 0) as around on true
    where (r.state in ('FAILED', 'KILLED', 'CANCELLED', 'RETRIED') or r.id = any (v_opened || v_directories)) and r.id not in (select unnest(v_handled))
  ), put_off (id) as (
    select g.id from again as g where g.is_behind
    union
    select g.id from put_off as p join again as g on g.parent_id = p.id
  ), restarted as (
    update reprise.task_runs as r
    set
      state = 'RESTARTED', ended_at = null, try = 0, is_carried = false, carried_attempt_id = null, original_id = g.original_id,
      is_put_off = case when r.id in (select p.id from put_off as p) then true end
    from again as g
    where r.id = any (array(select x.id from again as x)) and r.id = g.id and not g.is_opened
    returning r.id, r.is_put_off
  )
  select
    coalesce(array_agg(restarted.id) filter (where restarted.is_put_off is null), '{}'), coalesce(array_agg(restarted.id), '{}')
  into v_waiting, v_restarted
  from restarted;

  delete from reprise.blocks as b where b.task_run_id = any (v_restarted);
  delete from reprise.loops as l where l.task_run_id = any (v_restarted);
  delete from reprise.pauses as p where p.task_run_id = any (v_restarted);

  return v_waiting;
end;
$$;

comment on function reprise_engine.reopen_failed is
  'Takes an ended execution back to where it failed: what failed waits again, the blocks around it run again without anything open, and '
  'what handled the failures is gone. Returns what waits and whose turn it is.';
