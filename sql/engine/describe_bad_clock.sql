create or replace function reprise_engine.describe_bad_clock(given text, fields integer[])
returns text
language sql immutable
set search_path = ''
as $$
  select format('Text ''%s'' could not be parsed: Invalid value for %s (valid values 0 - %s): %s', given, limits.name, limits.most, fields[limits.place])
  from (values (1, 'HourOfDay', 23), (2, 'MinuteOfHour', 59), (3, 'SecondOfMinute', 59)) as limits (place, name, most)
  where fields[limits.place] > limits.most
  order by limits.place
  limit 1;
$$;

comment on function reprise_engine.describe_bad_clock is
  'What is wrong with the hours, minutes and seconds of a text, in the words of Java; null if nothing is.';
