create or replace function reprise_engine.chosen_list(kind reprise.task_kind, outputs jsonb)
returns text
language sql immutable -- and without settings, so that it is inlined where it is called
as $$
  select case chosen_list.kind
    when 'IF' then case (chosen_list.outputs ->> 'evaluationResult')::boolean when true then 'then' when false then 'else' end
    when 'SWITCH' then case
      when (chosen_list.outputs ->> 'defaults')::boolean then 'defaults' else 'cases.' || (chosen_list.outputs ->> 'value')
    end
    else 'tasks'
  end;
$$;

comment on function reprise_engine.chosen_list is 'The list that a block runs, by what a worker has found out for it; null where none has.';
