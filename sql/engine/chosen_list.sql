create or replace function reprise_engine.chosen_list(kind reprise.task_kind, state reprise.attempt_state, outputs json)
returns text
language sql immutable -- and without settings, so that it is inlined where it is called
as $$
  select case chosen_list.kind
    when 'IF' then case (chosen_list.outputs ->> 'evaluationResult')::boolean when true then 'then' when false then 'else' end
    when 'SWITCH' then case
      -- It has found that there is no case.
      when chosen_list.state = 'FAILED' then case when chosen_list.outputs is not null then 'errors' end
      when (chosen_list.outputs ->> 'defaults')::boolean then 'defaults' else 'cases.' || (chosen_list.outputs ->> 'value')
    end
    else 'tasks'
  end;
$$;

comment on function reprise_engine.chosen_list is
  'The list that a block runs, by the attempt of the worker that has found out; null where none has. A Switch without a case goes on as if its errors had been handled.';
