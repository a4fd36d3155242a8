create or replace function reprise_engine.check_list_input(definition jsonb, given json, out value json, out problem text)
language plpgsql stable
set search_path = ''
as $$
declare
  v_item json;
  v_items json[] := '{}';
  v_checked record;
  v_item_definition jsonb := jsonb_build_object('type', coalesce(definition ->> 'itemType', 'STRING'));
  v_is_chosen boolean := definition ->> 'type' = 'MULTISELECT' and not coalesce((definition ->> 'allowCustomValue')::boolean, false)
    and jsonb_typeof(definition -> 'values') = 'array';
  v_strangers text[] := '{}';
begin
  if json_typeof(given) = 'string' and (given #>> '{}') is json array then
    given := reprise_engine.clean_json((given #>> '{}')::json);
    if reprise_engine.holds_sealed(given) then
      problem := 'it looks like an encrypted secret, which only a SECRET can be';
      return;
    end if;
  end if;
  if json_typeof(given) <> 'array' then
    problem := 'it must be a list';
    return;
  end if;

  if definition ->> 'type' = 'ARRAY' and definition ->> 'itemType' is null then
    value := given; -- Items of any type, as they are.
    return;
  end if;

  for v_item in select i from json_array_elements(given) as each (i) loop
    select * into v_checked from reprise_engine.check_input(v_item_definition, v_item);
    if v_checked.problem is not null then
      problem := format('Unable to parse array element as `%s` on `%s`', v_item_definition ->> 'type', v_item #>> '{}');
      return;
    elsif v_is_chosen and not (definition -> 'values') ? (v_item #>> '{}') then
      v_strangers := v_strangers || coalesce(v_item #>> '{}', 'null');
    end if;
    v_items := array_append(v_items, v_checked.value);
  end loop;
  value := array_to_json(v_items);

  select string_agg(format('value `%s` doesn''t match the values `[%s]`', s.item, reprise_engine.list_values(definition)), E'\n' order by s.place)
  into problem
  from unnest(v_strangers) with ordinality as s (item, place);
end;
$$;

comment on function reprise_engine.check_list_input is
  'Checks an ARRAY or MULTISELECT input, each element by its own type; all that may not be chosen are told. A text that holds a JSON list is '
  'taken as that list.';
