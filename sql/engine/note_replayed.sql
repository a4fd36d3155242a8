create or replace function reprise_engine.note_replayed(replay_id uuid, original_id uuid, tasks reprise.replay_plan_task[])
returns void
language plpgsql volatile
set search_path = ''
as $$
begin
  insert into reprise.replayed_task_runs (execution_id, task_key, iteration_path, original_id, attempt_number)
  select note_replayed.replay_id, t.task_key, t.iteration_path, coalesce(t.task_run_id, m.original_id), coalesce(t.attempt_number, 1) - 1
  from unnest(note_replayed.tasks) as t
  -- A task that the original, a replay itself, has not come to goes on from where that one would have gone on.
  left join (
    select was.id as task_id, p.iteration_path, p.original_id
    from reprise.replayed_task_runs as p
    join reprise.tasks as was on was.key = p.task_key
    where p.execution_id = note_replayed.original_id
  ) as m on m.task_id = t.task_id and m.iteration_path is not distinct from t.iteration_path and t.task_run_id is null
  where t.disposition in ('RERUN', 'NEW', 'UNKNOWN', 'NOT_REACHED') and t.reason not in ('kept', 'until') and coalesce(t.task_run_id, m.original_id) is not null;
end;
$$;

comment on function reprise_engine.note_replayed is
  'Notes for what runs again in a replay, or may, which task run it was and how many attempts it has had, so that it goes on counting when it is come to.';
