create or replace function reprise_engine.check_overrides(overrides json)
returns json
language plpgsql immutable
set search_path = ''
as $$
declare
  v_given json := reprise_engine.clean_json(coalesce(overrides, '{}'));
  v_malformed text;
  v_overrides json;
begin
  if json_typeof(v_given) <> 'object' or exists (select from json_each(v_given) as o where json_typeof(o.value) <> 'object')
  then
    raise exception 'Overrides are a JSON object of outputs by task, each a JSON object.'
      using errcode = 'RP400', detail = 'malformed_overrides', hint = 'Give them as {"TASK": {"OUTPUT": VALUE, …}, …}.';
  end if;

  select
    min(o.key) filter (where parts.found is null or parts.found[2] is not null and path.path is null),
    coalesce(json_object_agg(reprise_engine.override_key(parts.found[1], path.path), o.value) filter (where parts.found is not null), '{}')
  into v_malformed, v_overrides
  from json_each(v_given) as o
  cross join lateral (select regexp_match(o.key, '^([^[]+)(\[.*\])?$') as found) as parts
  cross join lateral (select nullif(reprise_engine.parse_path(parts.found[2]), '{}') as path) as path;
  if v_malformed is not null then
    raise exception '`%` names no task whose outputs could be given.', v_malformed
      using errcode = 'RP400', detail = 'malformed_overrides', hint = 'Say TASK, or TASK["VALUE", …] for one iteration inside of loops.';
  end if;

  select min(o.key) into v_malformed from json_each(v_overrides) as o where reprise_engine.holds_sealed(o.value);
  if v_malformed is not null then
    raise exception 'The outputs for `%` hold what looks like an encrypted secret.', v_malformed
      using errcode = 'RP400', detail = 'malformed_overrides', hint = 'Only a SECRET input can be given encrypted.';
  end if;

  return v_overrides;
end;
$$;

comment on function reprise_engine.check_overrides is
  'Overrides as an object of objects, never null, by task or by task and iteration as override_key writes them. Raises RP400 for anything else, and for what looks like an encrypted secret.';
