create or replace function reprise_engine.check_number_input(definition jsonb, given text, out value jsonb, out problem text)
language plpgsql immutable
set search_path = ''
as $$
declare
  v_number numeric;
begin
  if definition ->> 'type' = 'INT' and given !~ '^[+-]?\d{1,18}(\.0+)?$' then
    problem := 'it must be an integer';
  elsif given !~ '^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?$' then
    problem := 'it must be a number';
  else
    v_number := given::numeric;
    value := to_jsonb(case when definition ->> 'type' = 'INT' then trunc(v_number) else v_number end);
    if v_number < (definition ->> 'min')::numeric then
      problem := format('it must be more than `%s`', definition ->> 'min');
    elsif v_number > (definition ->> 'max')::numeric then
      problem := format('it must be less than `%s`', definition ->> 'max');
    end if;
  end if;
end;
$$;

comment on function reprise_engine.check_number_input is 'Checks an INT or FLOAT input with its limits, which may be reached.';
