create or replace function reprise_engine.refuse_inputs(problems jsonb, noun text default 'input', where_to_look text default null)
returns void
language plpgsql immutable
set search_path = ''
as $$
begin
  raise exception '%', (select string_agg(p.problem ->> 'message', E'\n' order by p.place) from jsonb_array_elements(problems) with ordinality as p (problem, place))
    using errcode = 'RP422', detail = format('invalid_%ss ', noun) || jsonb_build_object('problems', problems)::text,
      hint = coalesce(
        (select string_agg(f.hint, ' ' order by f.place) from (
          select p.problem ->> 'hint' as hint, min(p.place) as place
          from jsonb_array_elements(problems) with ordinality as p (problem, place)
          where p.problem ? 'hint'
          group by 1
        ) as f),
        where_to_look,
        format('The %ss of the flow say what each may be.', noun)
      );
end;
$$;

comment on function reprise_engine.refuse_inputs is
  'Refuses inputs, RP422, with a line for each fault, and each with its path and code for programs: [{"path", "code", "message", "hint"}]. '
  'The hint says how values of types are written that are easily written otherwise, each once; else where_to_look, if it is not the flow.';
