create or replace function reprise_engine.find_replay_problems(
  original reprise.executions,
  target_revision integer,
  tasks reprise.replay_plan_task[],
  overrides json
)
returns reprise.replay_problem[]
language plpgsql stable
set search_path = ''
as $$
declare
  v_problems reprise.replay_problem[] := reprise_engine.find_flow_problems(original, target_revision);
  v_has record;
begin
  -- Most plans have nothing of what most of this is about.
  select
    coalesce(bool_or(t.disposition = 'REMOVED' or t.disposition = 'NOT_REACHED' and t.task_run_id is not null), false) as removed,
    coalesce(bool_or(t.disposition in ('CARRIED', 'CARRIED_CHANGED', 'CARRIED_FAILED') or t.reason = 'inserted_with'), false) as warns,
    coalesce(bool_or(t.disposition = 'NOT_REACHED' and t.reason not in ('not_needed', 'check_failed')
        and coalesce(t.iteration < reprise_engine.first_added(), true)), false)
      and not bool_or(t.disposition in ('RERUN', 'NEW') or coalesce(t.reason in ('revalued', 'rewritten', 'unstopped', 'not_ended'), false)) as nothing_reached
  into v_has
  from unnest(tasks) as t;

  if v_has.removed then
    v_problems := v_problems || reprise_engine.find_removed_reads(original, target_revision, tasks);
  end if;
  if overrides::text <> '{}' then
    v_problems := v_problems || reprise_engine.find_override_problems(original, target_revision, tasks, overrides);
  end if;
  if v_has.nothing_reached then
    v_problems := v_problems || (
      select row(
        'nothing_reached',
        case
          when bool_or(t.reason = 'held_back')
            then format('Nothing would run: everything stands behind `%s`, which failed and is carried. Start there.', min(t.because_of) filter (where t.reason = 'held_back'))
          else 'Nothing would run: what would stands in a branch that was not chosen, or in a loop that had nothing to go through. Start at the block.'
        end,
        coalesce(min(t.because_of) filter (where t.reason = 'held_back'), min(t.because_of)), true
      )::reprise.replay_problem
      from unnest(tasks) as t
    );
  end if;
  if v_has.warns then
    v_problems := v_problems || reprise_engine.find_replay_warnings(original, target_revision, tasks)
      || reprise_engine.warn_of_lost_batches(tasks);
  end if;
  return v_problems || reprise_engine.warn_of_batches(tasks);
end;
$$;

comment on function reprise_engine.find_replay_problems is
  'What stands in the way of a planned replay, and what to look out for: flow deleted or disabled, outputs read that are gone, outputs given '
  'for what is not carried, nothing that would run, batches that run again.';
