create or replace function reprise_engine.explain_values(which text, changed_keys text[])
returns text
language sql stable -- as format is, so that it is inlined
as $$
  select case
    when explain_values.changed_keys is null
      then format('It is new in the target revision, and goes on with %s: what has run for values that are among them is kept, the rest dropped, and new ones run.', explain_values.which)
    else format(
      'It goes on with %s, since %s changed: iterations whose values are still there are kept, the others dropped, and new ones run.',
      explain_values.which, array_to_string(explain_values.changed_keys, ', ')
    )
  end;
$$;

comment on function reprise_engine.explain_values is 'What becomes of a loop that goes on with values that may be others, in a sentence; one that is new has no changed keys. which: what is known of them.';
