create or replace function reprise_engine.check_input(definition jsonb, given json, out value json, out problem text)
language plpgsql stable
set search_path = ''
as $$
declare
  v_type text := definition ->> 'type';
  v_text text := given #>> '{}';
  v_is_scalar boolean := json_typeof(given) in ('string', 'number', 'boolean');
begin
  value := given;

  case
    when given ->> 'type' = 'io.kestra.datatype:aes_encrypted' then
      problem := reprise_engine.check_sealed_input(definition, given);

    when v_type = 'YAML' then
      null; -- Whoever can read YAML has read it.

    when v_type = 'JSON' then
      if json_typeof(given) = 'string' then
        begin
          if v_text is json then value := reprise_engine.clean_json(v_text::json); else problem := reprise_engine.describe_bad_json(v_text); end if;
          if reprise_engine.holds_sealed(value) then problem := 'it looks like an encrypted secret, which only a SECRET can be'; end if;
        exception
          when untranslatable_character or invalid_text_representation or numeric_value_out_of_range then
            problem := 'it holds a character or a number that cannot be stored';
        end;
      end if;

    when v_type in ('ARRAY', 'MULTISELECT') then
      select * into value, problem from reprise_engine.check_list_input(definition, given);

    when v_type in ('BOOL', 'BOOLEAN') then
      -- Never wrong: whatever is not true is false.
      value := to_json(lower(v_text) = 'true');

    when not v_is_scalar then
      problem := format('it must be a single value of type %s, not a JSON %s', v_type, json_typeof(given));

    when v_type in ('INT', 'FLOAT') then
      select * into value, problem from reprise_engine.check_number_input(definition, v_text);

    when v_type in ('DATETIME', 'DATE', 'TIME') then
      select * into value, problem from reprise_engine.check_time_input(definition, v_text);

    when v_type = 'DURATION' then
      select * into value, problem from reprise_engine.check_duration_input(definition, given);

    when v_type in ('SELECT', 'ENUM') then
      value := to_json(v_text);
      -- What need not be given may be anything, as in Kestra.
      if coalesce((definition ->> 'required')::boolean, true) and not coalesce((definition ->> 'allowCustomValue')::boolean, false)
        and not (definition -> 'values') ? v_text
      then
        problem := format('it must match the values `[%s]`', reprise_engine.list_values(definition));
      end if;

    when v_type = 'URI' then
      value := to_json(v_text);
      problem := reprise_engine.describe_bad_uri(v_text);

    when v_type = 'EMAIL' then
      value := to_json(v_text);
      -- What a flow gives is text of any form, as in Kestra.
      if not coalesce((definition ->> 'isOutput')::boolean, false)
        and v_text !~ '^([a-zA-Z0-9_!#$%&’*+/=?`{|}~^.-]+@[a-zA-Z0-9.-]+)?$'
      then
        problem := 'The input must be a valid email';
      end if;

    when v_type = 'FILE' then
      value := to_json(v_text);
      problem := reprise_engine.check_file_input(definition, v_text);

    when v_type = 'SECRET' then
      -- Whoever can encrypt has done so, or says why not (check_sealed_input).
      problem := 'a secret is encrypted before it comes to Postgres, which has no key';

    else -- STRING
      value := to_json(v_text);
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
  'Tells the problem in Kestra''s words, or null.';
