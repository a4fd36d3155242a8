create or replace function reprise_engine.check_input(definition jsonb, given jsonb, out value jsonb, out problem text)
language plpgsql stable
set search_path = ''
as $$
declare
  v_type text := definition ->> 'type';
  v_text text := given #>> '{}';
  v_is_scalar boolean := jsonb_typeof(given) in ('string', 'number', 'boolean');
begin
  value := given;

  case
    when v_type = 'JSON' then
      if jsonb_typeof(given) = 'string' then
        begin
          if v_text is json then value := v_text::jsonb; else problem := 'it must be valid JSON'; end if;
        exception
          when untranslatable_character or invalid_text_representation or numeric_value_out_of_range then
            problem := 'it holds a character or a number that cannot be stored';
        end;
      end if;

    when v_type in ('ARRAY', 'MULTISELECT') then
      select * into value, problem from reprise_engine.check_list_input(definition, given);

    when not v_is_scalar then
      problem := format('it must be a single value of type %s, not a JSON %s', v_type, jsonb_typeof(given));

    when v_type in ('BOOL', 'BOOLEAN') then
      if lower(v_text) in ('true', 'false') then
        value := to_jsonb(lower(v_text)::boolean);
      else
        problem := 'it must be true or false';
      end if;

    when v_type in ('INT', 'FLOAT') then
      select * into value, problem from reprise_engine.check_number_input(definition, v_text);

    when v_type in ('DATETIME', 'DATE', 'TIME', 'DURATION') then
      value := to_jsonb(v_text);
      problem := reprise_engine.check_time_input(definition, v_text);

    when v_type in ('SELECT', 'ENUM') then
      value := to_jsonb(v_text);
      if not coalesce((definition ->> 'allowCustomValue')::boolean, false) and not (definition -> 'values') ? v_text then
        problem := format('it must match the values `[%s]`', reprise_engine.list_values(definition));
      end if;

    when v_type = 'URI' then
      if v_text !~ '^[A-Za-z][A-Za-z0-9+.-]*:\S+$' then problem := 'Invalid URI format.'; end if;

    when v_type = 'EMAIL' then
      if v_text !~ '^[^@\s]+@[^@\s.]+(\.[^@\s.]+)+$' then problem := 'The input must be a valid email'; end if;

    else -- STRING
      value := to_jsonb(v_text);
      if definition ? 'validator' then
        begin
          if not reprise_engine.matches_pattern(v_text, definition ->> 'validator') then
            problem := format('it must match the pattern `%s`', definition ->> 'validator');
          end if;
        exception
          when invalid_regular_expression then
            problem := format('the pattern `%s` of the flow is none that Postgres understands', definition ->> 'validator');
        end;
      end if;
  end case;
end;
$$;

comment on function reprise_engine.check_input is
  'Checks one given input and converts it to its type: text is taken wherever it reads as a value of the type, as command lines give it. '
  'Tells the problem, or null.';
