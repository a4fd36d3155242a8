create or replace function reprise_engine.note_replayed(replay_id uuid, original_id uuid, tasks reprise.replay_plan_task[], anchors jsonb)
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
  where t.disposition in ('RERUN', 'NEW', 'UNKNOWN', 'NOT_REACHED') and t.reason not in ('kept', 'until')
    -- What a restart has deleted counts too.
    and (coalesce(t.task_run_id, m.original_id) is not null or t.attempt_number > 1);

  -- Where it starts its lane begins, also beside a failure that is carried.
  if note_replayed.anchors @> '[{"taskRunId": null}]' then
    insert into reprise.replayed_task_runs (execution_id, task_key, iteration_path, attempt_number)
    with recursive planned as materialized (
      select t.*, t.ordinality::integer as place from unnest(note_replayed.tasks) with ordinality as t
    ), anchored (place) as (
      select p.place
      from jsonb_array_elements(note_replayed.anchors) as named (anchor)
      join planned as p
        on p.task_id = named.anchor ->> 'taskId' and coalesce(to_jsonb(p.iteration_path), 'null') = coalesce(named.anchor -> 'path', 'null')
      union
      select p.around from anchored as a join planned as p on p.place = a.place where p.around is not null
    )
    select note_replayed.replay_id, p.task_key, p.iteration_path, 0
    from anchored as a
    join planned as p on p.place = a.place
    where p.task_run_id is null and p.disposition in ('RERUN', 'NEW')
    on conflict on constraint replayed_task_runs_identity_key do nothing;
  end if;
end;
$$;

comment on function reprise_engine.note_replayed is
  'Notes for what runs again in a replay, or may, which task run it was and how many attempts it has had, so that it goes on counting when it is come to; and where it starts, if nothing had run there.';
