create or replace function reprise_engine.check_number_input(definition jsonb, given text, out value json, out problem text)
language plpgsql immutable
set search_path = ''
as $$
declare
  v_is_int boolean := definition ->> 'type' = 'INT';
  v_text text := case when v_is_int then given else regexp_replace(btrim(given, E' \t\n\r\f'), '(\d|\.)[fFdD]$', '\1') end;
  v_form text := case when v_is_int then '^[+-]?\d{1,100}$' else '^[+-]?(\d{1,250}\.?\d{0,250}|\.\d{1,250})([eE][+-]?\d{1,3})?$' end;
  v_number numeric;
begin
  if v_text = '' and not v_is_int then
    problem := 'empty String';
  elsif v_text !~ v_form then
    problem := format('For input string: "%s"', given);
  else
    v_number := v_text::numeric;
    if v_is_int and v_number not between -2147483648 and 2147483647 then
      problem := format('For input string: "%s"', given);
      return;
    end if;
    begin
      -- A float of 32 bits, written as short as it can be.
      value := case when v_is_int then to_json(v_number) else reprise_engine.write_float(v_number::real) end;
    exception
      when numeric_value_out_of_range then
        if abs(v_number) < 1 then
          value := '0.0';
        else
          problem := format('`%s` is too large for a FLOAT', given);
          return;
        end if;
    end;
    if (value #>> '{}')::numeric < (definition ->> 'min')::numeric then
      problem := format('it must be more than `%s`', reprise_engine.show_limit(definition, 'min'));
    elsif (value #>> '{}')::numeric > (definition ->> 'max')::numeric then
      problem := format('it must be less than `%s`', reprise_engine.show_limit(definition, 'max'));
    end if;
  end if;
end;
$$;

comment on function reprise_engine.check_number_input is
  'Checks an INT of 32 bits or a FLOAT of 32 bits with its limits, which may be reached.';
