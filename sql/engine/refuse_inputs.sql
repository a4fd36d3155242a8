create or replace function reprise_engine.refuse_inputs(problems jsonb)
returns void
language plpgsql immutable
set search_path = ''
as $$
begin
  raise exception '%', (select string_agg(p.problem ->> 'message', E'\n' order by p.place) from jsonb_array_elements(problems) with ordinality as p (problem, place))
    using errcode = 'RP422', detail = 'invalid_inputs ' || jsonb_build_object('problems', problems)::text,
      hint = 'The inputs of the flow say what each may be.';
end;
$$;

comment on function reprise_engine.refuse_inputs is
  'Refuses inputs, RP422, with a line for each fault, and each with its path and code for programs: [{"path", "code", "message"}].';
