create or replace function reprise_engine.warn_of_date(original reprise.executions, anchors text[])
returns reprise.replay_problem[]
language sql stable
set search_path = ''
as $$
  select case
    when 'start' = any (warn_of_date.anchors) and warn_of_date.original.schedule_date > reprise_engine.clock() then array[row(
      'waits_for_date',
      format(
        'The replay begins no sooner than %s, as its original was to. To have it run at once, force it.',
        to_char(warn_of_date.original.schedule_date at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
      ),
      null, false
    )::reprise.replay_problem]
    else '{}'
  end;
$$;

comment on function reprise_engine.warn_of_date is
  'That a replay from the start keeps the schedule date of its original, and waits for it, where that is still to come.';
