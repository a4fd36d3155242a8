create or replace function reprise_engine.show_limit(definition jsonb, key text)
returns text
language sql immutable
set search_path = ''
as $$
  -- As Java writes a float: always with a fraction.
  select case
    when definition ->> 'type' = 'FLOAT' and definition ->> key !~ '[.eE]' then (definition ->> key) || '.0'
    else definition ->> key
  end;
$$;

comment on function reprise_engine.show_limit is 'A limit of a number, as messages name it.';
