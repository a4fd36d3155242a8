create or replace function reprise_engine.parse_anchor(anchor text)
returns reprise.anchor
language plpgsql immutable
set search_path = ''
as $$
declare
  v_parts text[];
  v_path text[];
begin
  if anchor in ('start', 'failed', 'auto') then
    return row(anchor, null, null, null)::reprise.anchor;
  elsif anchor ~ '^\d{1,18}$' then
    return row(anchor, anchor::bigint, null, null)::reprise.anchor;
  end if;

  v_parts := regexp_match(anchor, '^task:([a-zA-Z0-9][a-zA-Z0-9._-]*)(\[.*\])?$');
  v_path := reprise_engine.parse_path(v_parts[2]);
  if v_parts is null or v_parts[2] is not null and v_path is null then
    raise exception '`%` names no place to start from.', anchor
      using
        errcode = 'RP400', detail = 'malformed_anchor',
        hint = 'Say start, failed, auto, the id of a task run, task:ID, or task:ID["VALUE", …] inside loops.';
  end if;

  return row(anchor, null, v_parts[1], nullif(v_path, '{}'))::reprise.anchor;
end;
$$;

comment on function reprise_engine.parse_anchor is
  'Takes an anchor apart: start, failed, auto, the id of a task run, task:ID, or task:ID["VALUE", …] with the values of the loops around it.';
