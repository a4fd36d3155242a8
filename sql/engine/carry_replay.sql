create or replace function reprise_engine.carry_replay(
  replay reprise.executions,
  original reprise.executions,
  tasks reprise.replay_plan_task[],
  overrides json,
  created_by text,
  settled_before integer,
  settled_count integer,
  now timestamptz
)
returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_carried_rank bigint;
begin
  if replay.inputs::text like '%"kestra:///%' then
    perform reprise_engine.reference_input_files(array[replay.id], array[replay.inputs]);
  end if;
  if settled_before is not null then
    perform reprise_engine.carry_settled(replay.id, original, settled_before, settled_count, carry_replay.now);
  end if;
  perform reprise_engine.carry_task_runs(replay.id, tasks, carry_replay.now);
  if exists (select from unnest(tasks) as t where t.disposition = 'REOPENED') then
    -- A loop that is asking whether it goes on, or is carried itself, has nothing else to tell how often it has gone through its tasks.
    insert into reprise.loops (task_run_id, iteration_count, began_at)
    -- While it waits, it counts an iteration that has not begun.
    select r.id, l.iteration_count - (l.due_at is not null)::integer, carry_replay.now
    from unnest(tasks) as t
    join reprise.loops as l on l.task_run_id = t.task_run_id
    cross join lateral reprise_engine.find_task_run(replay.id, t.task_key, t.iteration_path) as r
    where t.disposition = 'REOPENED';
  end if;

  v_carried_rank := reprise_engine.carried_rank(replay);
  if v_carried_rank is not null then
    update reprise.executions as e
    set
      carried_rank = v_carried_rank,
      variables = reprise_engine.replay_variables(replay, array(
        select t.attempt_id from unnest(tasks) as t where t.disposition = 'RERUN' and t.attempt_id is not null
      ))
    where e.id = replay.id;
  end if;
  if overrides::text <> '{}' then
    perform reprise_engine.override_outputs(replay.id, overrides, created_by, carry_replay.now);
  end if;
end;
$$;

comment on function reprise_engine.carry_replay is
  'Gives a replay that was just created what its plan carries: task runs, how often loops have gone through theirs, what was done to variables, the outputs that its caller gives, and the files of its inputs. '
  'settled_before, settled_count: what find_settled has found, which is not in the plan.';
