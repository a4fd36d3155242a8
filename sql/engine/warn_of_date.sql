create or replace function reprise_engine.warn_of_date(original reprise.executions, anchors text[])
returns reprise.replay_problem[]
language sql stable
set search_path = ''
as $$
  select case
    when warn_of_date.original.schedule_date <= reprise_engine.clock() or warn_of_date.original.schedule_date is null then '{}'
    when 'start' = any (warn_of_date.anchors) then array[row(
      'waits_for_date',
      format('The replay begins no sooner than %s, as its original was to. To have it run at once, force it.', of.date),
      null, false
    )::reprise.replay_problem]
    when coalesce(warn_of_date.original.first_started_at, warn_of_date.original.started_at) is null then array[row(
      'runs_before_date',
      format('The replay runs at once, though its original was to begin no sooner than %s. To have it wait for that, start at `start`.', of.date),
      null, false
    )::reprise.replay_problem]
    else '{}'
  end
  from (
    select to_char(warn_of_date.original.schedule_date at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as date
  ) as of;
$$;

comment on function reprise_engine.warn_of_date is
  'What becomes of the schedule date of an original, where that is still to come: a replay from the start keeps it and waits for it; from anywhere else it does '
  'not, as a restart does not, which is news where the original had not begun.';
