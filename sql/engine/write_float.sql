create or replace function reprise_engine.write_float(number real)
returns json
language sql immutable
set search_path = ''
as $$
  select (case when write_float.number::text ~ '[.eE]' then write_float.number::text else write_float.number::text || '.0' end)::json;
$$;

comment on function reprise_engine.write_float is 'A float of 32 bits as short as it can be written, and always as one: with a fraction or an exponent.';
