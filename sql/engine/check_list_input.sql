create or replace function reprise_engine.check_list_input(definition jsonb, given jsonb, out value jsonb, out problem text)
language plpgsql stable
set search_path = ''
as $$
declare
  v_item jsonb;
  v_checked record;
  v_item_definition jsonb := jsonb_build_object('type', coalesce(definition ->> 'itemType', 'STRING'));
begin
  if jsonb_typeof(given) = 'string' and (given #>> '{}') is json array then
    given := (given #>> '{}')::jsonb;
  end if;
  if jsonb_typeof(given) <> 'array' then
    problem := 'it must be a list';
    return;
  end if;

  if definition ->> 'type' = 'ARRAY' and definition ->> 'itemType' is null then
    value := given; -- Items of any type, as they are.
    return;
  end if;

  value := '[]';
  for v_item in select i from jsonb_array_elements(given) as each (i) loop
    select * into v_checked from reprise_engine.check_input(v_item_definition, v_item);
    if v_checked.problem is not null then
      problem := format('Unable to parse array element as `%s` on `%s`', v_item_definition ->> 'type', v_item #>> '{}');
      return;
    elsif definition ->> 'type' = 'MULTISELECT' and not coalesce((definition ->> 'allowCustomValue')::boolean, false)
      and not (definition -> 'values') ? (v_item #>> '{}')
    then
      problem := format('it must match the values `[%s]`', reprise_engine.list_values(definition));
      return;
    end if;
    value := value || jsonb_build_array(v_checked.value);
  end loop;
end;
$$;

comment on function reprise_engine.check_list_input is
  'Checks an ARRAY or MULTISELECT input, each element by its own type. A text that holds a JSON list is taken as that list.';
