create or replace function reprise_engine.handler_rank(branch text)
returns integer
language sql immutable -- and without settings, so that it is inlined where it is called
as $$
  -- The outputs of an iteration belong to how it ends, as its handlers do, but can fail it.
  select array_position('{errors,finally,outputs,afterExecution}'::text[], handler_rank.branch);
$$;

comment on function reprise_engine.handler_rank is 'Which of the lists that run at an end this is, in the order in which they run; null for any other.';
