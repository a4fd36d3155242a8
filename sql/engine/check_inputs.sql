create or replace function reprise_engine.check_inputs(definitions json, given json, noun text default 'input', may_be_sealed boolean default true)
returns json
language plpgsql stable
set search_path = ''
as $$
declare
  v_found record;
begin
  select * into v_found from reprise_engine.examine_inputs(definitions, given, noun, may_be_sealed);
  if v_found.problems <> '[]' then
    perform reprise_engine.refuse_inputs(v_found.problems, noun);
  end if;
  return v_found.inputs;
end;
$$;

comment on function reprise_engine.check_inputs is
  'Checks given inputs against their definitions and returns them complete, as far as SQL can tell (examine_inputs). Raises RP422 naming every '
  'fault at once.';
