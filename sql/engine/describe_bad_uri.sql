create or replace function reprise_engine.describe_bad_uri(given text)
returns text
language plpgsql immutable
set search_path = ''
as $$
declare
  v_scheme text := substring(given from '^[A-Za-z][A-Za-z0-9+.-]*:');
  v_bad integer := length(substring(given from '^((?:[^\x01-\x20"<>\\^`{|}%\x7f-\x9f]|%[0-9A-Fa-f]{2})*)'));
  v_before text := left(given, v_bad);
begin
  if v_bad < length(given) then
    return case
      when substr(given, v_bad + 1, 1) = '%' then format('Malformed escape pair at index %s: %s', v_bad, given)
      else format(
        'Illegal character in %s at index %s: %s',
        case
          when strpos(v_before, '#') > 0 then 'fragment'
          when v_scheme is not null and substr(given, length(v_scheme) + 1, 1) <> '/' then 'opaque part'
          when strpos(v_before, '?') > 0 then 'query'
          when v_before ~ '^([^:/?#]+:)?//[^/?#]*$' then 'authority'
          else 'path'
        end,
        v_bad, given
      )
    end;
  end if;
  if v_scheme = given then
    return format('Expected scheme-specific part at index %s: %s', length(given), given);
  end if;
  if v_scheme || '//' = given then
    return format('Expected authority at index %s: %s', length(given), given);
  end if;
  if left(given, 1) = ':' then
    return format('Expected scheme name at index 0: %s', given);
  end if;
  if given ~ '^[^/?#]*:' and v_scheme is null then
    return format(
      'Illegal character in scheme name at index %s: %s',
      case when given ~ '^[A-Za-z]' then length(substring(given from '^[A-Za-z0-9+.-]*')) else 0 end, given
    );
  end if;
  return case when v_scheme is null then 'Invalid URI format.' end;
end;
$$;

comment on function reprise_engine.describe_bad_uri is
  'What is wrong with a text that should be a URI with a scheme, in the words of Java; null if nothing is.';
