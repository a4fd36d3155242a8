create or replace function reprise_engine.reopen_blocks(execution_id uuid, task_run_ids bigint[], redone bigint[])
returns void
language plpgsql volatile
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
declare
  v_gone bigint[];
  -- What an Exit has ended the execution in.
  v_exited bigint[] := array(
    with recursive line (id) as (
      select e.exited_by from reprise.executions as e where e.id = reopen_blocks.execution_id
      union all
      select r.parent_id from line as l cross join lateral (select r.parent_id from reprise.task_runs as r where r.id = l.id offset 0) as r
    )
    select l.id from line as l where l.id is not null and l.id <> all (reopen_blocks.task_run_ids)
  );
begin
  -- What handled how they ended, and how the execution did, is gone; so are system steps, which belong to that.
  v_gone := array(
    select r.id
    from (select r.* from reprise.task_runs as r where r.execution_id = reopen_blocks.execution_id offset 0) as r
    cross join lateral (select t.kind, t.is_handler from reprise.tasks as t where t.key = r.task_key offset 0) as t
    where (t.is_handler and r.iteration is null and (r.parent_id is null or r.parent_id = any (reopen_blocks.task_run_ids))
        -- In a Loop they are an iteration's: those that were stopped, or in which an Exit stopped all, and those of what runs again, or is around it.
        or t.is_handler and r.iteration is not null and r.parent_id = any (reopen_blocks.task_run_ids)
          and (
            r.state in ('KILLED', 'CANCELLED') or r.state = 'FAILED' and (r.id = any (v_exited) or reprise_engine.was_stopped(r.id))
          )
        or (t.is_handler or t.kind = 'LOOP_OUTPUTS') and r.parent_id = any (reopen_blocks.task_run_ids) and exists (
          select
          from (
            select c.task_key, c.parent_id, c.iteration from reprise.task_runs as c where c.id = any (reopen_blocks.task_run_ids || reopen_blocks.redone) offset 0
          ) as c
          cross join lateral (
            select from reprise.tasks as k where k.key = c.task_key and not k.is_handler and k.kind <> 'LOOP_OUTPUTS' offset 0
          ) as k
          where c.parent_id = r.parent_id and c.iteration = r.iteration
        )
        or t.kind = 'OUTPUTS' or t.kind = 'DEFAULTS' and r.state <> 'SUCCESS')
  );
  perform reprise_engine.remember_carried(v_gone, counts_own => true);
  perform reprise_engine.drop_task_runs(v_gone);

  -- They run again, and count their lanes anew as they are opened.
  delete from reprise.blocks as b where b.task_run_id = any (reopen_blocks.task_run_ids);
  -- The original of one that is carried may have gone on: it alone tells then how often it has gone through its tasks.
  delete from reprise.loops as l
  where l.task_run_id = any (reopen_blocks.task_run_ids)
    and not exists (select from reprise.task_runs as r where r.id = l.task_run_id and r.carried_attempt_id is not null);
  update reprise.task_runs as r
  set state = 'RUNNING', ended_at = null, marked_by = null, worked_until = null
  where r.id = any (reopen_blocks.task_run_ids);
end;
$$;

comment on function reprise_engine.reopen_blocks is
  'Blocks of an ended execution run again without anything open in them, for the sake of what is redone in them; what handled their ends is gone. '
  'The caller holds its lock.';
