create or replace function reprise_engine.clean_json(given json)
returns json
language plpgsql immutable
set search_path = ''
as $$
declare
  v_message text;
  v_hint text;
begin
  -- What no text of Postgres can hold is refused here, and not to whoever reads it.
  if strpos(given::text, '\u') > 0 then
    perform reprise_engine.refuse_unstorable(given);
  else
    perform given::jsonb;
  end if;
  -- Nearly always there is nothing to do.
  if given is null or given is json with unique keys and given::text !~ '\\[/u]' then
    return given;
  end if;
  begin
    return reprise_engine.clean_part(given, 0);
  exception
    when sqlstate 'RP400' then
      -- Said anew, without all the calls that came so deep.
      get stacked diagnostics v_message = message_text, v_hint = pg_exception_hint;
      raise exception '%', v_message using errcode = 'RP400', detail = 'nested_too_deeply', hint = v_hint;
  end;
end;
$$;

comment on function reprise_engine.clean_json is
  'A document from outside as it is kept: in its order, each key once, with its last value in its first place, and nothing escaped that '
  'need not be, so that its text can be searched.';
