create or replace function reprise_engine.refuse_unstorable(given json)
returns void
language plpgsql immutable
set search_path = ''
as $$
declare
  v_marked json;
  v_key text;
begin
  perform given::jsonb;
exception
  when untranslatable_character or invalid_text_representation then
    -- No function reads it as it is, so what is in the way is marked.
    v_marked := regexp_replace(given::text, '\\u(?:0000|d[89a-f][0-9a-f]{2})', '\\ue000', 'gi')::json;
    if json_typeof(v_marked) = 'object' then
      select g.key into v_key from json_each(v_marked) as g where g.value::text like '%\\ue000%' limit 1;
    end if;
    raise exception '% cannot be stored: unsupported Unicode escape sequence.', coalesce('`' || v_key || '`', 'The JSON')
      using errcode = 'RP422', detail = 'not_storable', hint = 'It holds a NUL, or half of a character.';
end;
$$;

comment on function reprise_engine.refuse_unstorable is
  'Refuses a document that holds what no text of Postgres can, RP422, and names where at its top it stands.';
