create or replace function reprise_engine.check_sealed_input(definition jsonb, given json)
returns text
language sql immutable
set search_path = ''
as $$
  select case
    when given -> 'problem' is not null then given ->> 'problem'
    when given -> 'value' is null then 'a secret needs its encrypted value'
    when definition ->> 'type' in ('SECRET', 'STRING', 'JSON', 'YAML') then null
    else format('a secret cannot be given to an input of type %s', definition ->> 'type')
  end;
$$;

comment on function reprise_engine.check_sealed_input is
  'Checks an input that is given encrypted, by who holds the key: what he found wrong with it, as its pattern can be looked at by nobody '
  'else, stands beside it. Tells the problem, or null.';
