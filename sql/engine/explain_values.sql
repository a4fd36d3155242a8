create or replace function reprise_engine.explain_values(which text, changed_keys text[])
returns text
language sql stable -- as format is, so that it is inlined
as $$
  select format(
    'It goes on with %s, since %s changed: iterations whose values are still there are kept, the others dropped, and new ones run.',
    explain_values.which, array_to_string(explain_values.changed_keys, ', ')
  );
$$;

comment on function reprise_engine.explain_values is 'What becomes of a loop that goes on with values that may be others, in a sentence. which: what is known of them.';
