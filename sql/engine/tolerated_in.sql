create or replace function reprise_engine.tolerated_in(type text, definition json)
returns reprise.execution_state
language sql immutable -- and without settings, so that it is inlined where it is called
as $$
  select case
    when tolerated_in.type not like '%.flow.Loop' then null
    when coalesce((tolerated_in.definition ->> 'transmitFailed')::boolean, true) then 'WARNING'::reprise.execution_state
    else 'KILLED'::reprise.execution_state
  end;
$$;

comment on function reprise_engine.tolerated_in is
  'The worst end of a task in a block of this type that changes nothing about how the block ends; null when every end counts.';
