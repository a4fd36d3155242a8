create or replace function reprise_engine.unsealed_definitions(definitions jsonb)
returns jsonb
language sql immutable
set search_path = ''
as $$
  select jsonb_agg(case when i.input ->> 'type' = 'SECRET' then i.input - 'validator' || '{"type": "STRING"}' else i.input end order by i.place)
  from jsonb_array_elements(unsealed_definitions.definitions) with ordinality as i (input, place);
$$;

comment on function reprise_engine.unsealed_definitions is
  'Definitions of inputs as they are for whoever looks at secrets before they are encrypted: texts, about which nothing is to be said yet.';
