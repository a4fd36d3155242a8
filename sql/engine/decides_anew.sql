create or replace function reprise_engine.decides_anew(task_run_id bigint)
returns boolean
language sql stable
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
  select exists (
    select
    from reprise.task_runs as r
    where r.id = decides_anew.task_run_id and r.state in ('RESTARTED', 'KILLED', 'CANCELLED') and not r.is_carried and r.try = 0
      and not exists (select from reprise.blocks as b where b.task_run_id = r.id)
  );
$$;

comment on function reprise_engine.decides_anew is
  'Whether a block that chooses what it runs waits to do so again, or was stopped before: what it had chosen before counts no more. Its tries are not counted yet.';
