create or replace function reprise_engine.describe_bad_day(given text, year integer, month integer, day integer)
returns text
language sql immutable
set search_path = ''
as $$
  select case
    when month not between 1 and 12 then
      format('Text ''%s'' could not be parsed: Invalid value for MonthOfYear (valid values 1 - 12): %s', given, month)
    when day not between 1 and 31 then
      format('Text ''%s'' could not be parsed: Invalid value for DayOfMonth (valid values 1 - 28/31): %s', given, day)
    when year = 0 then format('Text ''%s'' could not be parsed at index 0', given) -- Postgres has no year 0.
    when day > extract(day from make_date(year, month, 1) + interval '1 month' - interval '1 day') then
      case
        when month = 2 and day = 29 then
          format('Text ''%s'' could not be parsed: Invalid date ''February 29'' as ''%s'' is not a leap year', given, year)
        else format(
          'Text ''%s'' could not be parsed: Invalid date ''%s %s''', given, upper(trim(to_char(make_date(2000, month, 1), 'Month'))), day
        )
      end
  end;
$$;

comment on function reprise_engine.describe_bad_day is 'What is wrong with the date in a text, in the words of Java; null if nothing is.';
