create or replace function reprise_engine.gravity(verdict reprise.execution_state)
returns integer
language sql immutable
as $$
  select array_position('{SUCCESS,WARNING,CANCELLED,FAILED,KILLED,RETRIED}'::reprise.execution_state[], gravity.verdict);
$$;

comment on function reprise_engine.gravity is 'The order in which one end of a task run outweighs another when an execution ends.';
