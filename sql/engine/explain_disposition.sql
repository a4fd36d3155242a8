create or replace function reprise_engine.explain_disposition(planned reprise.replay_plan_task)
returns text
language sql immutable
set search_path = ''
as $$
  select case planned.reason
    when 'anchor' then 'It runs again: the replay starts here.'
    when 'after' then format('It runs again, after `%s`.', planned.because_of)
    when 'not_ended' then 'It runs again: it had not ended in the original.'
    when 'unchanged' then 'It is carried as it ended.'
    when 'overridden' then 'It is carried with the outputs that you give.'
    when 'changed' then format(
      'It is carried, though %s changed since it ran: start here instead to run it again.', array_to_string(planned.changed_keys, ', ')
    )
    when 'failed' then 'It is carried as failed and fails the execution again, unless you start here.'
    when 'inserted' then 'It is new in the target revision and runs first.'
    when 'not_reached' then 'The original never reached it; it runs first.'
    when 'removed' then 'The target revision does not have it: it is dropped.'
    when 'held_back' then format('It cannot run: it stands behind `%s`, which failed and is carried.', planned.because_of)
  end;
$$;

comment on function reprise_engine.explain_disposition is 'Why a replay does what it does with a task, in a sentence.';
