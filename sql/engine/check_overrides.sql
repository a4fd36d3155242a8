create or replace function reprise_engine.check_overrides(overrides jsonb)
returns jsonb
language plpgsql immutable
set search_path = ''
as $$
begin
  if jsonb_typeof(coalesce(overrides, '{}')) <> 'object'
    or exists (select from jsonb_each(coalesce(overrides, '{}')) as o where jsonb_typeof(o.value) <> 'object')
  then
    raise exception 'Overrides are a JSON object of outputs by task, each a JSON object.'
      using errcode = 'RP400', detail = 'malformed_overrides', hint = 'Give them as {"TASK": {"OUTPUT": VALUE, …}, …}.';
  end if;

  return coalesce(overrides, '{}');
end;
$$;

comment on function reprise_engine.check_overrides is 'Overrides as an object of objects, never null. Raises RP400 for anything else.';
