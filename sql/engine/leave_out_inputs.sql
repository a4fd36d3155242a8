create or replace function reprise_engine.leave_out_inputs(
  definitions json,
  given json,
  judgement json,
  inout inputs json,
  out problems reprise.replay_problem[]
)
language plpgsql immutable
set search_path = ''
as $$
declare
  v_id text;
  v_path text[];
begin
  problems := '{}';
  for v_id in
    select l.id
    from json_array_elements_text(reprise_engine.unless_null(judgement -> 'leftOut')) with ordinality as l (id, place)
    -- Nothing else is ever left out, whatever a caller says.
    where exists (
      select from json_array_elements(definitions) as d (definition)
      where d.definition ->> 'id' = l.id and (d.definition ->> 'isDeferred')::boolean
    )
    order by l.place
  loop
    v_path := string_to_array(v_id, '.');
    inputs := reprise_engine.remove_nested(inputs, v_path);
    if reprise_engine.unless_null(coalesce(given -> v_id, given #> v_path)) is not null then
      problems := problems || row(
        'input_left_out', format('Input `%s` is given, and left out: what it depends on does not ask for it.', v_id), null, false
      )::reprise.replay_problem;
    end if;
  end loop;
end;
$$;

comment on function reprise_engine.leave_out_inputs is
  'The inputs of a replay without those that whoever can render templates has found to be left out, so that a plan tells of no change where '
  'there is none; of those that somebody gives, a problem that blocks nothing.';
