create or replace function reprise_engine.find_reopened(execution_id uuid, handled bigint[], directories bigint[])
returns bigint[]
language plpgsql stable
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
begin
  return (
    with recursive opened (id) as (
      select case when (b.task_run_id is null and not own.is_unreached) or own.has_ended_so or r.id = any (find_reopened.directories) then r.parent_id else r.id end
      from (select * from reprise.task_runs as r where r.execution_id = find_reopened.execution_id offset 0) as r
      left join lateral (select b.task_run_id from reprise.blocks as b where b.task_run_id = r.id offset 0) as b on true
      -- A Pause may have failed because nobody came, and others by themselves too.
      cross join lateral (
        select exists (
          select
          from reprise.attempts as a
          where a.task_run_id = r.id and a.number = r.attempt_number and b.task_run_id is not null and (a.outputs #>> '{resumed,to}' = 'FAILED' or a.state = 'FAILED')
        ) as has_ended_so,
        reprise_engine.was_to_go_on(r) as is_unreached
      ) as own
      where (r.state in ('FAILED', 'KILLED', 'CANCELLED', 'RETRIED') or r.id = any (find_reopened.directories))
        and r.id not in (select unnest(find_reopened.handled))
      union
      select r.parent_id from opened as o cross join lateral (select r.parent_id from reprise.task_runs as r where r.id = o.id offset 0) as r
    )
    select coalesce(array_agg(o.id), '{}') from opened as o where o.id is not null
  );
end;
$$;

comment on function reprise_engine.find_reopened is
  'The blocks that go on in a restart: those around what failed by itself, and those that were killed with nothing failed in them.';
