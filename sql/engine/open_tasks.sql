create or replace function reprise_engine.open_tasks(execution_ids uuid[], task_keys integer[])
returns bigint[]
language plpgsql volatile
set search_path = ''
set enable_seqscan = off
set enable_hashjoin = off
set enable_mergejoin = off
as $$
declare
  v_opened bigint[];
begin
  with opened as (
    insert into reprise.task_runs (execution_id, task_key, original_id, attempt_number, created_at)
    select wanted.execution_id, wanted.task_key, p.original_id, coalesce(p.attempt_number, 0), reprise_engine.clock()
    from unnest(open_tasks.execution_ids, open_tasks.task_keys) as wanted (execution_id, task_key)
    left join reprise.replayed_task_runs as p
      on p.execution_id = wanted.execution_id and p.task_key = wanted.task_key and p.iteration_path is null
    on conflict on constraint task_runs_identity_key do nothing
    returning id
  )
  select coalesce(array_agg(opened.id), '{}') into v_opened from opened;

  return v_opened;
end;
$$;

comment on function reprise_engine.open_tasks is
  'Creates the task run of each pair of execution and task that has none yet, and returns the new ones. In a replay their attempt '
  'numbers go on from the original''s.';
