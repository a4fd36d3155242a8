create or replace function reprise_engine.explain_disposition(reason text, because_of text, changed_keys text[], has_run boolean, disposition reprise.disposition)
returns text
language sql stable -- as format is, so that it is inlined
as $$
  select case explain_disposition.reason
    when 'anchor' then case when explain_disposition.has_run then 'It runs again' else 'It runs for the first time' end
      || ': the replay starts here.'
    -- The anchor is this, or was in it: see find_directories.
    when 'directory' then case when explain_disposition.has_run then 'It runs again' else 'It runs for the first time' end
      || ' as a whole: the replay starts here, since the files of a WorkingDirectory are gone when it has ended.'
    when 'after' then format(
      case when explain_disposition.has_run then 'It runs again, after `%s`.' else 'It runs for the first time, after `%s`.' end,
      explain_disposition.because_of
    )
    when 'not_ended' then case
      when explain_disposition.disposition = 'REOPENED' then 'It goes on'
      when explain_disposition.has_run then 'It runs again' else 'It runs for the first time' end
      || ': it had not ended in the original.'
    when 'around' then 'It goes on: the replay starts inside of it.'
    when 'wraps' then case explain_disposition.disposition
      when 'CARRIED' then 'It is new in the target revision, and ends as what that puts into it had.'
      else 'It is new in the target revision, and goes on with what has run of what that puts into it.'
    end
    when 'unstopped' then 'It goes on: what had stopped it is not run any more, or is given its outputs.'
    when 'revalued' then reprise_engine.explain_values('values that it finds anew', explain_disposition.changed_keys)
    when 'rewritten' then reprise_engine.explain_values('other values', explain_disposition.changed_keys)
    when 'gone' then format('`%s` does not go through its value any more: it is dropped.', explain_disposition.because_of)
    when 'kept' then format('It is carried if its value is still among those that `%s` finds, and else dropped.', explain_disposition.because_of)
    when 'until' then format('It is carried, and runs again if `%s` goes on, which will ask whether it does.', explain_disposition.because_of)
    when 'inserted_in' then 'It goes on, with what the target revision has put into it.'
    when 'inserted_with' then 'It runs again as a whole, with what the target revision has put into it.'
    when 'inside' then format('It stands in `%s`, and goes with it.', explain_disposition.because_of)
    when 'decided' then format('Whether it runs is decided by `%s` when it runs.', explain_disposition.because_of)
    when 'handles' then format(
      'It handles how %s ends, which will be seen.', coalesce('`' || explain_disposition.because_of || '`', 'the execution')
    )
    when 'not_chosen' then format(
      case explain_disposition.disposition
        when 'REMOVED' then '`%s` did not choose where it stands now, and does not choose anew: it is dropped.'
        else '`%s` did not come to it in the original, and does not choose anew.'
      end,
      explain_disposition.because_of
    )
    when 'not_needed' then 'Nothing that it handles had happened in the original.'
    when 'unchanged' then 'It is carried as it ended.'
    when 'overridden' then 'It is carried with the outputs that you give.'
    when 'changed' then format(
      'It is carried, though %s changed since it ran: start here instead to run it again.', array_to_string(explain_disposition.changed_keys, ', ')
    )
    when 'failed' then 'It is carried as failed and fails the execution again, unless you start here.'
    when 'inserted' then 'It is new in the target revision and runs first.'
    when 'not_reached' then 'The original never reached it; it runs first.'
    when 'disabled' then 'The target revision disables it: it is dropped.'
    when 'removed' then 'The target revision does not have it: it is dropped.'
    when 'exits' then 'It runs again: it ended the original, and ends the execution again.'
    when 'around_exit' then format('It goes on: `%s` in it ends the execution again.', explain_disposition.because_of)
    when 'exited' then format('It is not reached: `%s` ends the execution.', explain_disposition.because_of)
    when 'raced' then format('Whether it runs depends on how soon `%s` ends the execution.', explain_disposition.because_of)
    when 'cut_off' then 'It is not reached: the original was ended before, and the replay carries that end.'
    when 'check_failed' then 'It is not reached: a check of the flow fails the execution as it is created.'
    when 'held_back' then format('It cannot run: it stands behind `%s`, which failed and is carried.', explain_disposition.because_of)
  end;
$$;

comment on function reprise_engine.explain_disposition is 'Why a replay does what it does with a task, in a sentence.';
