create or replace function reprise_engine.verdict_of(gravity integer)
returns reprise.execution_state
language sql immutable
as $$
  select ('{SUCCESS,WARNING,CANCELLED,FAILED,KILLED,RETRIED}'::reprise.execution_state[])[verdict_of.gravity];
$$;

comment on function reprise_engine.verdict_of is 'The verdict of this gravity.';
