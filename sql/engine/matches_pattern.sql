create or replace function reprise_engine.matches_pattern(value text, pattern text)
returns boolean
language plpgsql immutable
set search_path = ''
as $$
declare
  -- Flows bring Java's patterns. What Postgres writes otherwise: the classes of Unicode, and that a dot spares line breaks.
  v_classes constant text[] := array[
    ['\p{L}', 'alpha'], ['\p{IsAlphabetic}', 'alpha'], ['\p{Alpha}', 'alpha'], ['\p{Lu}', 'upper'], ['\p{Upper}', 'upper'],
    ['\p{Ll}', 'lower'], ['\p{Lower}', 'lower'], ['\p{N}', 'digit'], ['\p{Nd}', 'digit'], ['\p{Digit}', 'digit'],
    ['\p{Alnum}', 'alnum'], ['\p{P}', 'punct'], ['\p{Punct}', 'punct'], ['\p{Space}', 'space']
  ];
  v_class text[];
  v_flags text := coalesce(substring(pattern from '^\(\?([ims]+)\)'), '');
  v_pattern text := regexp_replace(pattern, '^\(\?[ims]+\)', '');
begin
  foreach v_class slice 1 in array v_classes loop
    v_pattern := replace(v_pattern, v_class[1], format('[[:%s:]]', v_class[2]));
  end loop;
  -- Inside brackets a class stands without brackets of its own; several may stand in one pair.
  for i in 1 .. 5 loop
    v_pattern := regexp_replace(v_pattern, '(\[(?:[^\]\[]|\[:\w+:\])*)\[(\[:\w+:\])\]', '\1\2', 'g');
  end loop;

  -- What a letter is does not depend on the locale of the database.
  return value collate pg_catalog."unicode" ~ format(
    '(?%s%s)^(?:%s)$',
    case when v_flags ~ 's' then 's' else 'p' end, case when v_flags ~ 'i' then 'i' else '' end, v_pattern
  );
end;
$$;

comment on function reprise_engine.matches_pattern is
  'Whether a whole text matches a pattern as Java writes it: \p{L} and its kin, and (?i) or (?s) in front, are understood.';
