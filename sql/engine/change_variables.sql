create or replace function reprise_engine.change_variables(variables json, merged json, removed text[])
returns json
language plpgsql immutable
set search_path = ''
as $$
declare
  v_variables json := reprise_engine.merge_deep(change_variables.variables, change_variables.merged);
  v_name text;
begin
  foreach v_name in array coalesce(change_variables.removed, '{}') loop
    v_variables := reprise_engine.remove_nested(v_variables, string_to_array(v_name, '.'));
  end loop;
  return v_variables;
end;
$$;

comment on function reprise_engine.change_variables is
  'Variables with others merged in, or with some removed. What is not there is not missed.';
