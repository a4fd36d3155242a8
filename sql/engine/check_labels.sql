create or replace function reprise_engine.check_labels(labels jsonb, allowed text[] default '{}')
returns jsonb
language plpgsql immutable
set search_path = ''
as $$
declare
  v_label record;
begin
  if jsonb_typeof(coalesce(labels, '{}')) <> 'object' then
    raise exception 'Labels are a JSON object of text, not %.', jsonb_typeof(labels)
      using errcode = 'RP400', detail = 'malformed_labels', hint = 'Give them as {"KEY": "VALUE", …}.';
  end if;

  for v_label in select l.key, l.value from jsonb_each(coalesce(labels, '{}')) as l loop
    if v_label.key !~ '^[[:lower:]][[:alnum:]._-]*$' then
      raise exception '`%` is no key of a label.', v_label.key
        using errcode = 'RP422', detail = 'invalid_label', hint = 'It starts with a lower-case letter, then letters, digits, dots, dashes.';
    elsif starts_with(v_label.key, 'system.') and v_label.key <> all (allowed) then
      raise exception 'Label `%` can only be set by Reprise itself.', v_label.key
        using errcode = 'RP422', detail = 'system_label', hint = 'Choose a key that does not start with system.';
    elsif jsonb_typeof(v_label.value) in ('object', 'array', 'null') then
      raise exception 'Label `%` must have a text as its value.', v_label.key
        using errcode = 'RP422', detail = 'invalid_label', hint = 'Numbers and true or false are taken as text.';
    end if;
  end loop;

  return (
    select coalesce(jsonb_object_agg(l.key, l.value #>> '{}'), '{}')
    from jsonb_each(coalesce(labels, '{}')) as l
  );
end;
$$;

comment on function reprise_engine.check_labels is 'Labels as an object of texts. Raises for keys that no label may have, and for those of the system that are not allowed.';
