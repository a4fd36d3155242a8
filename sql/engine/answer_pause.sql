create or replace function reprise_engine.answer_pause(
  pause reprise.pauses,
  given json,
  actor text,
  may_be_sealed boolean,
  is_found boolean
)
returns boolean
language plpgsql volatile
set search_path = ''
as $$
declare
  v_asked json := (answer_pause.pause).inputs;
  v_given json := coalesce(answer_pause.given, '{}');
  -- A worker has looked at what it has rendered; anybody else says so.
  v_definitions json := case
    when answer_pause.is_found and not answer_pause.may_be_sealed then reprise_engine.found_definitions(v_asked, v_given) else v_asked
  end;
  v_inputs json;
  v_problems jsonb;
begin
  select f.inputs, f.problems into v_inputs, v_problems
  from reprise_engine.examine_inputs(v_definitions, v_given, may_be_sealed => answer_pause.may_be_sealed) as f;
  if v_problems <> '[]' then
    perform reprise_engine.refuse_inputs(v_problems, where_to_look => 'The onResume of the Pause says what each may be. Of several that wait, the first is meant unless you name the task run of another.');
  end if;

  if not answer_pause.is_found and exists (
    select
    from json_array_elements(v_asked) as i (input)
    where (i.input ->> 'isDeferred')::boolean
      or (i.input ->> 'isTemplated')::boolean and v_inputs #> string_to_array(i.input ->> 'id', '.') is null
  ) then
    update reprise.pauses as p
    set answer = v_given, answered_by = answer_pause.actor
    where p.task_run_id = (answer_pause.pause).task_run_id;
    perform reprise_engine.enqueue_answers(array[(answer_pause.pause).task_run_id]);
    return false;
  end if;

  perform reprise_engine.resume_task_runs(array[(answer_pause.pause).task_run_id], '{SUCCESS}', array[v_inputs], answer_pause.actor);
  return true;
end;
$$;

comment on function reprise_engine.answer_pause is
  'A Pause goes on with what it is given; or, where only templates tell what that makes, once a worker has rendered them (is_found: somebody has '
  'already). Says whether it goes on. The caller holds the lock of its execution.';
